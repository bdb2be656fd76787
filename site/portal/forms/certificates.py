"""独自ドメイン: the name that is added; 独自SSL: the common name that is chosen."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any, Protocol

from werkzeug.datastructures import MultiDict
from wtforms import Field, SelectChoice, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired

from portal.catalog import Certificate, Document, Variant
from portal.forms.base import PortalForm
from portal.forms.reading import visible
from portal.rules.certificates.certificate_status import CommonName
from portal.rules.certificates.domain_names import LONGEST, TOO_LONG, DomainName, NotADomain, read_domain_name
from portal.rules.orders.selection import Chosen

CHOOSE = "コモンネームを、表示されている中から選んでください。"
NOTHING = SelectChoice("", "選んでください")


class Named(Protocol):
    """A common name, and whether a certificate stands on it."""

    @property
    def common_name(self) -> CommonName: ...
    @property
    def is_taken(self) -> bool: ...


class CommonNameForm(PortalForm):
    """A name that is taken is not offered, and not refused here: a second press sends what the first has taken."""

    common_name = SelectField("コモンネーム", [InputRequired(CHOOSE)], choices=[], validate_choice=False)
    known: frozenset[str] = frozenset()

    def offer(self, names: Iterable[Named]) -> None:
        every = list(names)
        self.known = frozenset(each.common_name.name for each in every)
        free = [each.common_name for each in every if not each.is_taken]
        self.common_name.choices = [NOTHING, *(SelectChoice(each.name, label(each)) for each in free)]

    @property
    def offers_something(self) -> bool:
        return len(self.common_name.choices) > 1

    def validate_common_name(self, field: Field) -> None:
        if field.data not in self.known:
            raise ValidationError(CHOOSE)


def label(common_name: CommonName) -> str:
    same = common_name.name == common_name.shown
    return common_name.name if same else f"{common_name.shown}（{common_name.name}）"


class NewCertificateForm(CommonNameForm):
    """One more certificate: its kind, its common name, and the consent to its terms. Nothing is chosen at first."""

    kind = SelectField("独自SSLの種類", validate_choice=False)
    agree = StringField("規約への同意")

    def __init__(
        self, product: Certificate, document: Document, names: Iterable[Named], *, typed: dict[str, str] | None = None, **kwargs: Any
    ) -> None:
        """Filled from the request, or from the stored choices of a draft (`typed`)."""
        self.product, self.document = product, document
        super().__init__(**kwargs | ({"formdata": MultiDict(typed)} if typed else {}))
        self.kind.choices = [NOTHING, *(SelectChoice(each.id, _priced(each)) for each in product.variants)]
        self.kind.data = self.kind.data or ""
        self.offer(names)

    def validate_kind(self, field: Field) -> None:
        if field.data not in {variant.id for variant in self.product.variants}:
            raise ValidationError("独自SSLの種類を、表示されている中から選んでください。")

    def validate_agree(self, field: Field) -> None:
        if field.data != self.document.version:
            raise ValidationError(f"{self.document.title}への同意が必要です。お読みになって、チェックを入れてください。")

    @property
    def agreed(self) -> Chosen | None:
        """None if something is missing; the errors are then at the fields."""
        return Chosen(self.product.id, variant=self.kind.data) if self.validate() else None


def _priced(variant: Variant) -> str:
    return f"{variant.name}　{variant.months}か月 {variant.yen:,}円"


class DomainForm(PortalForm):
    domain = StringField("独自ドメイン")

    @cached_property
    def wanted(self) -> DomainName:
        """Raises NotADomain."""
        typed = self.domain.data or ""
        if len(typed) > 2 * LONGEST:
            raise NotADomain(TOO_LONG)
        return read_domain_name(visible(typed, 2 * LONGEST))

    def validate_domain(self, _field: Field) -> None:
        try:
            assert self.wanted
        except NotADomain as why:
            raise ValidationError(str(why)) from why
