"""The card companies that `CARD_COMPANY` may name, one row each. Nothing of a company is loaded here. See docs/a-card-company.md."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

STRIPE_LIVE_KEY, STRIPE_TEST_KEY = (re.compile(rf"(sk|rk)_{mode}_[A-Za-z0-9]{{16,255}}") for mode in ("live", "test"))


@dataclass(frozen=True)
class CardCompanyRow:
    """`module` has `company_from(settings)`. `variables`: of the environment, handed over as `settings.card_settings`.

    `problems(variables, notice_secret, is_demo)`: sentences for the operator. Real money never in a demo, no test key in real use.
    """

    module: str
    variables: tuple[str, ...]
    problems: Callable[[Mapping[str, str], str, bool], list[str]]


def _stripe(variables: Mapping[str, str], notice_secret: str, is_demo: bool) -> list[str]:
    found, key = [], variables["STRIPE_SECRET_KEY"]
    if is_demo and not STRIPE_TEST_KEY.fullmatch(key):
        found.append("デモの CARD_COMPANY=stripe には、STRIPE_SECRET_KEY にテスト用の鍵（sk_test_… か rk_test_…）だけを設定できます。")
    if not is_demo and not STRIPE_LIVE_KEY.fullmatch(key):
        found.append("STRIPE_SECRET_KEY に本番用の鍵（sk_live_… か rk_live_…）を設定してください。テスト用の鍵は本番では使えません。")
    if not is_demo and not notice_secret.startswith("whsec_"):
        found.append("NOTICE_SECRET に Stripe の Webhook の署名シークレット（whsec_…）を設定してください。")
    return found


CARD_COMPANIES = {"stripe": CardCompanyRow("portal.gateways.card.stripe", ("STRIPE_SECRET_KEY",), _stripe)}
