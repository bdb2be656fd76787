"""The table of payment methods, one row each. README lists what else a new method needs."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NoReturn

from portal.enums import Method


class CompanyKind(StrEnum):
    """The gateway Protocol that a method's company implements."""

    CARD = "card"
    WALLET = "wallet"


class ChargeDay(StrEnum):
    """Who sets the day of an automatic charge, within the month in which the term ends."""

    COMPANY = "company"  # the hosting company: `card_day` of the catalog
    CUSTOMER = "customer"  # the customer chooses one of `wallet_days` of the catalog
    NEVER = "never"  # the customer pays by hand


@dataclass(frozen=True)
class MethodRow:
    """`change_days_before`: the last day to change is this many days before the charge (the company's guide). `noun`, `visit`,
    `company_name`: words for the pages. `is_paid_later`: the order has a due date.
    `stays_linked`: a reset renewal keeps the method linked. `remove`, `removed`: reset button and result. `actor`, `detached`,
    `not_detached`: texts for the history: the company's name there, it detached the method, it could not yet. `returned`: what the
    customer is told about money that was given back.
    """

    company: CompanyKind | None
    charged_on: ChargeDay
    change_days_before: int | None
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
    returned: str = ""

    @property
    def renews_by_itself(self) -> bool:
        """True if the method can be charged automatically."""
        return self.charged_on is not ChargeDay.NEVER

    @property
    def has_own_day(self) -> bool:
        return self.charged_on is ChargeDay.CUSTOMER


METHODS: Final[dict[Method, MethodRow]] = {
    Method.CARD: MethodRow(
        CompanyKind.CARD,
        ChargeDay.COMPANY,
        1,
        noun="カード",
        visit="カード情報の入力",
        company_name="カード会社",
        remove="カードを削除する",
        removed="ご登録のカードを削除しました",
        actor="card company",
        detached="カードを削除した",
        not_detached="カードを削除できていない（続けて依頼する）",
        returned="お支払いに使われたカードに、カード会社を通して返金しました。ご利用明細に表れる日は、カード会社によって異なります。",
    ),
    Method.WALLET: MethodRow(
        CompanyKind.WALLET,
        ChargeDay.CUSTOMER,
        4,
        noun="おさいぽ!",
        visit="おさいぽ!の認証",
        company_name="おさいぽ!",
        remove="おさいぽ!の連携を解除する",
        removed="おさいぽ!の連携を解除しました",
        actor="wallet company",
        stays_linked=True,
        detached="おさいぽ!の連携を解除した",
        not_detached="おさいぽ!の連携を解除できていない（続けて依頼する）",
        returned="お支払いに使われたおさいぽ!に、ポイントで返金しました。",
    ),
    Method.BANK: MethodRow(
        None,
        ChargeDay.NEVER,
        None,
        is_paid_later=True,
        returned="銀行の振込または組戻しで返金しました。口座に入る日は、銀行によって異なります。",
    ),
}

WITH_COMPANY = tuple(method for method, row in METHODS.items() if row.company)


def no_words(method: str) -> NoReturn:
    """For the else-branch of a template with one text per method. Raises ValueError, so a new method without a text is found at once."""
    raise ValueError(f"this template has no words for {Method(method).label}")


def row_of(method: str) -> MethodRow:
    return METHODS[Method(method)]


def is_day_alone(now: Method, chosen: Method) -> bool:
    """True if a method change only moves the charge day: the linked wallet stays the same."""
    return now is chosen and METHODS[chosen].has_own_day and METHODS[chosen].stays_linked
