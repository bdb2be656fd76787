"""The personas of the demo. Each is brought into its state by pressing the portal's real buttons on the days of its story."""

from collections.abc import Callable
from dataclasses import dataclass

from models import Account, Staff
from portal.actions.accounts.accounts import add_account
from portal.actions.accounts.staff_members import add_staff
from portal.catalog import Catalog
from portal.demo import certificate_stories, stories
from portal.demo.days import When, before_the_next_charge, days_before, months_before, on_the_first_day
from portal.demo.hosting_side import GONE
from portal.demo.staff_story import a_transfer_arrives
from portal.demo.visitor import Visitor

PASSWORD = "demo-pass"
STAFF_LOGIN = "staff"
OPTIONS = "（オプションも）"


@dataclass(frozen=True)
class Step:
    """One signed-in visit: what the persona does, and on which day. Between steps the days pass with the real jobs."""

    act: Callable[[Visitor, Catalog], None]
    when: When = on_the_first_day


@dataclass(frozen=True)
class Persona:
    login: str
    name: str
    story: str
    steps: tuple[Step, ...] = ()

    def described(self, catalog: Catalog) -> str:
        """The story, with the names of the catalog's options."""
        names = "、".join(product.short_name for product in stories.options_of(catalog))
        return self.story.replace(OPTIONS, f"（{names}も）" if names else "")


PERSONAS = (
    Persona("new", "見本 新", "まだ契約がない"),
    Persona("card", "見本 花", f"サーバーをカードで契約、自動更新あり{OPTIONS}", (Step(stories.contract_by_card),)),
    Persona("osaipo", "見本 次郎", "サーバーをおさいぽ!で契約、自動更新日は15日", (Step(stories.contract_by_wallet),)),
    Persona("bank", "見本 太郎", "銀行振込で申し込み済み、入金待ち", (Step(stories.order_by_transfer),)),
    Persona(
        "part",
        "見本 分",
        "銀行振込が440円足りず、一部入金",
        (
            Step(stories.order_by_transfer),
            Step(a_transfer_arrives("part", STAFF_LOGIN, "short", "番号が一致、振込手数料の分が不足")),
        ),
    ),
    Persona(
        "renew",
        "見本 更",
        "サーバーの契約が今月で終わる、自動更新なし",
        (Step(stories.a_month_by_card, months_before(1, 20)), Step(stories.stop_the_renewal, months_before(1, 21))),
    ),
    Persona(
        "failed",
        "見本 三郎",
        "自動更新のお支払いが不成立、再手続き中",
        (Step(stories.a_month_by_a_card_that_is_good_once, months_before(1, 20)),),
    ),
    Persona(
        "soon",
        "見本 間",
        "自動更新できなかったカードを替えた。「次の出来事へ」を押すと、お支払い",
        (Step(stories.a_month_by_a_card_that_is_good_once, months_before(1, 20)), Step(stories.exchange_the_card, before_the_next_charge)),
    ),
    Persona(
        "reserved",
        "見本 予",
        "次回の自動更新から、いちばん長い契約期間に変える予約をした",
        (Step(stories.a_year_by_card), Step(stories.reserve_another_period)),
    ),
    Persona(
        "ended",
        "見本 終",
        "契約期間が終わり、停止中",
        (Step(stories.a_month_by_card, months_before(2, 20)), Step(stories.stop_the_renewal, months_before(2, 21))),
    ),
)
SSL = Persona(
    "ssl",
    "見本 証",
    "独自ドメインと独自SSLのすべての状態",
    (
        Step(certificate_stories.a_month_with_one, months_before(15, 20)),
        Step(certificate_stories.with_the_contract, months_before(12, 20)),
        Step(certificate_stories.add(certificate_stories.OWN), months_before(12, 21)),
        Step(certificate_stories.add(certificate_stories.OF_JAPANESE), months_before(2, 15)),
        Step(certificate_stories.switch_the_newest_on, months_before(2, 16)),
        Step(certificate_stories.add(f"{GONE}example.jp"), days_before(2)),
        Step(certificate_stories.add(f"www.{certificate_stories.OF_JAPANESE}", variant=2), days_before(1)),
    ),
)
PERSONAS += (SSL,)
STAFF = Persona(STAFF_LOGIN, "見本 係", "担当者（/staff/login から。確認コードは画面に出ます）")


def account_of(persona: Persona, catalog: Catalog) -> Account:
    """The persona's account, created today if missing."""
    return Account.by_login(persona.login) or add_account(
        login=persona.login,
        password=PASSWORD,
        name=persona.name,
        email=f"{persona.login}@example.jp",
        plan=stories.plan_of_personas(catalog).id,
        site=(),  # its password is printed on the sign-in page
        actor="demo",
    )


def add_the_staff() -> None:
    if not Staff.by_login(STAFF.login):
        add_staff(STAFF.login, PASSWORD, STAFF.name, site=(), actor="demo")
