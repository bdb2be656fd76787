"""Consent to the terms of the chosen products: which documents need it, and what is said at a box that is not ticked."""

from typing import Protocol

from wtforms import Field

from portal.catalog import AnyProduct, Catalog, Document, Server


class FormWithConsents(Protocol):
    catalog: Catalog
    products: tuple[AnyProduct, ...]

    def needs_consent(self, product: AnyProduct) -> bool: ...
    def consent(self, product: AnyProduct) -> Field: ...


def missing_consents(form: FormWithConsents) -> list[Document]:
    """The documents that the choice needs and that are not agreed to in today's version. The error is written to each box."""
    missing = []
    for product in (product for product in form.products if form.needs_consent(product)):
        document, field = form.catalog.document_of(product.id), form.consent(product)
        if field.data != document.version:
            field.errors = [*field.errors, _sentence(product, document)]
            missing.append(document)
    return missing


def _sentence(product: AnyProduct, document: Document) -> str:
    what = f"「{document.title}」" if isinstance(product, Server) else f"{product.name}の特約"
    return f"{what}への同意が必要です。内容を確認して、チェックを入れてください。"
