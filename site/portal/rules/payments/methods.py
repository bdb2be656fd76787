"""The methods of payment: one row each. README says what else a new method needs."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NoReturn

from portal.enums import Method


class CompanyKind(StrEnum):
    """Which Protocol of the gateways a method's company speaks."""

    CARD = "card"
    WALLET = "wallet"


class ChargeDay(StrEnum):
    """On which day of the month in which a term ends the method is charged by itself."""

    COMPANY = "company"  # the company's day, `card_day` of the catalog
    CUSTOMER = "customer"  # the customer's own choice, `wallet_days` of the catalog
    NEVER = "never"  # the customer pays by hand


@dataclass(frozen=True)
class MethodRow:
    """`change_days_before`: the last day to change is so many days before a charge. `actor` stands in the history for the company.

    `steps`: the customer's way to the final confirmation, as the pages name it. `noun`: what the customer pays with;
    `visit`: what is done at `company_name`, on its page.
    `is_paid_later`: the order waits for its money until a due day. `stays_linked`: the account keeps it when it renews nothing any more.
    `remove` and `removed`: what a reset does to it. `detached` and `not_detached`: what the history says when its company has deleted it,
    or could not yet.
    """

    company: CompanyKind | None
    charged_on: ChargeDay
    change_days_before: int | None
    steps: tuple[str, ...]
    noun: str = ""
    visit: str = ""
    company_name: str = ""
    is_paid_later: bool = False
    actor: str = ""
    stays_linked: bool = False
    remove: str = ""
    removed: str = ""
    detached: str = ""
    not_detached: str = ""

    @property
    def renews_by_itself(self) -> bool:
        """Whether automatic charges can be made by it."""
        return self.charged_on is not ChargeDay.NEVER

    @property
    def has_own_day(self) -> bool:
        return self.charged_on is ChargeDay.CUSTOMER


METHODS: Final[dict[Method, MethodRow]] = {
    Method.CARD: MethodRow(
        CompanyKind.CARD,
        ChargeDay.COMPANY,
        1,
        ("契約内容", "お支払い方法", "カード情報", "最終確認"),
        noun="カード",
        visit="カード情報の入力",
        company_name="決済会社",
        remove="カードを削除する",
        removed="ご登録のカードを削除しました",
        actor="card company",
        detached="カードを削除した",
        not_detached="カードを削除できていない（続けて依頼する）",
    ),
    Method.WALLET: MethodRow(
        CompanyKind.WALLET,
        ChargeDay.CUSTOMER,
        4,
        ("契約内容", "お支払い方法", "ご請求額の確認", "最終確認"),
        noun="おさいぽ!",
        visit="おさいぽ!の認証",
        company_name="おさいぽ!",
        remove="おさいぽ!の連携を解除する",
        removed="おさいぽ!の連携を解除しました",
        actor="wallet company",
        stays_linked=True,
        detached="おさいぽ!の連携を解除した",
        not_detached="おさいぽ!の連携を解除できていない（続けて依頼する）",
    ),
    Method.BANK: MethodRow(None, ChargeDay.NEVER, None, ("契約内容", "お支払い方法", "最終確認"), is_paid_later=True),
}

WITH_COMPANY = tuple(method for method, row in METHODS.items() if row.company)


def no_words(method: str) -> NoReturn:
    """The else-branch of a template that has words for each method: a new one is named by the first page that lacks them."""
    raise ValueError(f"this template has no words for {Method(method).label}")


def row_of(method: str) -> MethodRow:
    return METHODS[Method(method)]


def is_day_alone(now: Method, chosen: Method) -> bool:
    """Whether another day is all that is changed: what is linked already and has a day of its own stays."""
    return now is chosen and METHODS[chosen].has_own_day and METHODS[chosen].stays_linked
