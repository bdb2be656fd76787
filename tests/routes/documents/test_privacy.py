"""プライバシーポリシー says what is done."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from models import KeptInput, OneTimeLink, Session
from portal.catalog import RetentionNumbers
from tests.browser import Browser
from tests.page import squeeze

SECURITY = Path(__file__).parents[3] / "docs" / "security.md"


def said(numbers: RetentionNumbers) -> list[str]:
    return [
        f"最後の記録の年が終わってから{numbers.records_years}年で、自動で消去します",
        f"ご連絡のため。ご契約が終わり、最後の記録の年が終わってから{numbers.records_years}年",
        f"後から確かめるため。{numbers.mails_months}か月",
        f"お支払いの結果を確かめるため。{numbers.messages_months}か月",
        f"ログインが終わってから{numbers.sign_ins_hours}時間",
        f"続きから進めるため。{KeptInput.LASTS.seconds // 60}分",
        f"お名前や入力は書きません。{numbers.logs_days}日",
        f"最長{Session.ABSOLUTE.seconds // 3600}時間",
    ]


OTHERS = {"records_years": 7, "mails_months": 36, "messages_months": 18, "sign_ins_hours": 48, "logs_days": 90}


@pytest.mark.parametrize("changed", [{}, OTHERS])
def test_the_page_says_the_numbers_of_the_catalog(app: Flask, browser: Browser, changed: dict[str, int]) -> None:
    catalog = app.extensions["catalog"]
    numbers = replace(catalog.retention, **changed)
    app.extensions["catalog"] = replace(catalog, retention=numbers)
    browser.visit("/legal/privacy")

    assert [sentence for sentence in said(numbers) if not browser.says(sentence)] == []


def test_the_page_the_security_document_and_the_jobs_have_the_same_numbers(catalog) -> None:
    numbers = catalog.retention
    assert numbers == RetentionNumbers()  # what a company has that says nothing
    text = SECURITY.read_text(encoding="utf-8")
    for words in (
        f"{numbers.records_years} years after the year of the last record",
        f"{numbers.mails_months} months; {numbers.messages_months} months; {numbers.sign_ins_hours} hours after their end; "
        f"{KeptInput.LASTS.seconds // 60} minutes |",
        f"{numbers.logs_days} days, which the operator sets",
        f"links {OneTimeLink.LASTS.seconds // 60} minutes, sessions {Session.ABSOLUTE.seconds // 3600} hours",
    ):
        assert words in text, words


def test_a_company_that_takes_no_cards_says_nothing_of_them(app: Flask, browser: Browser) -> None:
    app.extensions["companies"] = replace(app.extensions["companies"], card=None)
    page = squeeze(browser.visit("/legal/privacy").text("main dl"))

    assert squeeze("カードのブランド") not in page
    assert squeeze("おさいぽ!の連携の符号") in page
