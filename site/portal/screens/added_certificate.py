"""An order of kind `add` for one more certificate: its kind and its common name, chosen on a page of its own."""

from dataclasses import dataclass, replace
from datetime import date

from flask import url_for

from models import Account, Order
from portal import clock
from portal.actions.certificates import common_names
from portal.actions.certificates.common_names import Choice
from portal.catalog import Certificate, Document
from portal.forms.certificates import NewCertificateForm
from portal.rules.orders.quote import Quote, quote
from portal.rules.orders.selection import Owned, Selection
from portal.rules.renewals.quote import is_sold
from portal.screens.owned import snapshot
from portal.web.current import catalog, current_account

NO_SERVER = "独自SSLの追加は、サーバーをご契約いただくとお申し込みいただけます。"
SERVER_IS_OVER = "サーバーの契約期間が終わっているため、お申し込みいただけません。先に「サーバー契約・更新」で更新してください。"
NOT_SOLD = "独自SSLの新しいお申し込みの受け付けを終了しました。"
NOT_YOURS = "このコモンネームの独自ドメインは、削除されたか、確認が済んでいません。"


@dataclass(frozen=True)
class NewCertificate:
    """What can be bought today."""

    product: Certificate
    choices: list[Choice]

    @property
    def obstacle(self) -> str | None:
        """Why none can be added, in Japanese; None if one can."""
        server = snapshot().server
        if server is None:
            return NO_SERVER
        if server.stopped_on or server.usable_until < clock.today():
            return SERVER_IS_OVER
        return None if self.product.is_sold and is_sold(snapshot(), server, catalog()) else NOT_SOLD

    def shown(self, name: str) -> str:
        """This common name as people write it."""
        return next((each.common_name.shown for each in self.choices if each.common_name.name == name), name)

    def form(self, typed: dict[str, str] | None = None) -> NewCertificateForm:
        return NewCertificateForm(self.product, catalog().document_of(self.product.id), self.choices, typed=typed)


def new_certificate(product: Certificate, account: Account) -> NewCertificate:
    return NewCertificate(product, common_names.choices(account))


class AddedCertificate:
    """See `additions.Addition`."""

    def quote(self, order: Order, today: date) -> Quote | None:
        new, server = _new(order), snapshot().server
        chosen = new.form(order.choices).agreed if order.choices else None
        if chosen is None or server is None:
            return None
        owned = [Owned(server.subscription, server.product, server.kind, server.variant, server.ends_on)]
        found = quote(Selection((chosen,)), catalog().plan(current_account().plan), catalog(), today, owned)
        return replace(found, lines=tuple(replace(line, common_name=new.shown(order.common_name)) for line in found.lines))

    def documents(self, order: Order) -> tuple[Document, ...]:
        return (catalog().document_of(_product(order).id),)

    def page(self, order: Order) -> str:
        return url_for("new_certificate.show", sold=_product(order).id)

    def obstacle(self, order: Order) -> str | None:
        found = _new(order)
        if found.obstacle:
            return found.obstacle
        name = next((each for each in found.choices if each.common_name.name == order.common_name), None)
        if name is None:
            return NOT_YOURS
        return common_names.HAS_ONE if name.is_taken else None


def _new(order: Order) -> NewCertificate:
    return new_certificate(_product(order), current_account())


def _product(order: Order) -> Certificate:
    product = catalog().product(order.adds.partition(" ")[0])
    assert isinstance(product, Certificate)
    return product
