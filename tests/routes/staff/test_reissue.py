"""再発行 of a paper whose 宛名 is wrong: 取消 of the old one, a new number, a mail, and what the customer then reads."""

from dataclasses import replace

import pytest
from flask import Flask

from models import Event, Invoice, Mail, Order, Refund
from portal.actions.payments import refunds
from portal.actions.payments.refundable import refundable
from portal.enums import MailKind, Method
from portal.gateways.companies import Companies
from portal.rules.documents.papers import Paper
from portal.runtime.settings import Settings
from portal.store.database import database
from tests import staff_desk, steps
from tests.browser import Browser
from tests.factories import a_customer
from tests.reconciliation import rows

WHY, OK = "宛名の誤り", "OK（取り消して再発行する）"


@pytest.fixture
def customer(app: Flask, settings: Settings) -> Browser:
    """Has opened the receipt with a wrong 宛名."""
    a_customer("new")
    browser = Browser(app, settings.public_url)
    steps.pay(browser).visit("/history").follow("領収書 1").fill("宛名", "株式会社ミホソ").press("この宛名で開く")
    return browser


def looked_at(desk: Browser) -> Browser:
    return desk.visit("/staff/papers/1").follow("取り消して再発行する（宛名の誤り）").fill("理由", WHY).press("確認へ進む")


def test_a_wrong_addressee_is_made_good_by_another_paper(desk: Browser, customer: Browser) -> None:
    before = Paper.read(Invoice.get().content)
    looked_at(desk)
    said = ("領収書 1 取り消します（番号は残ります）", "領収書 発行します", "領収書を再発行しました」を new@example.jp へ")
    assert [words for words in said if not desk.says(words)] == []
    tab = desk.new_tab()
    assert desk.press(OK).says("書類を取り消し、新しい番号で発行しました")
    assert tab.press(OK).says("書類を取り消し、新しい番号で発行しました"), "pressed twice"

    assert [(row["number"], row["kind"], row["addressee"]) for row in rows("SELECT * FROM audit_invoices ORDER BY number")] == [
        (1, "void", "株式会社ミホソ 様"),
        (2, "receipt", "見本 新"),
    ]
    body = Mail.get(Mail.kind == MailKind.PAPER_REISSUED).body
    assert all(words in body for words in ("領収書 1 を取り消し、新しい番号 2 で", f"理由：{WHY}", "お使いにならないで"))
    assert customer.visit("/papers/1").says("に取り消されました。無効です")
    customer.visit("/history").follow("領収書 2").fill("宛名", "株式会社ミホン").choose("御中").press("この宛名で開く")
    assert customer.says("株式会社ミホン 御中", ".to")
    assert customer.says("取り消した領収書 1 に代えて、再発行したものです")
    after = Paper.read(Invoice.get(number=2).content)
    assert replace(after, number=1, instead_of=None) == before
    assert Event.select().where(Event.entity == "paper 1", Event.actor == "staff keiri").count() == 1


def test_the_paper_of_a_return_is_made_good_too(desk: Browser, customer: Browser, companies: Companies) -> None:
    """And its money can still come again: the new paper is void then."""
    refund = refunds.begin(
        refundable(Order.get()), 10_000, staff_desk.a_clerk("shiharai").staff, "機器の不具合", {Method.CARD: companies.card}, "test"
    )
    refunds.send(refund, companies.card)
    customer.visit("/history").follow("適格返還請求書 2").fill("宛名", "株式会社ミホソ").press("この宛名で開く")
    desk.visit("/staff/papers/2").follow("取り消して再発行する（宛名の誤り）").fill("理由", WHY).press("確認へ進む")
    assert desk.says("適格返還請求書 2 取り消します（番号は残ります）")
    tab = desk.new_tab()
    assert desk.press(OK).says("新しい番号で発行しました")
    assert tab.press(OK).says("新しい番号で発行しました"), "pressed twice"

    assert "適格返還請求書 2 を取り消し、新しい番号 3 で" in Mail.get(Mail.kind == MailKind.PAPER_REISSUED).body
    customer.visit("/history").follow("適格返還請求書 3").fill("宛名", "株式会社ミホン").choose("御中").press("この宛名で開く")
    assert customer.says("株式会社ミホン 御中", ".to")
    assert customer.says("取り消した適格返還請求書 2 に代えて、再発行したものです")
    assert customer.says("元の取引：領収書 1")
    assert kinds() == ["receipt", "void", "return"]

    with database.atomic():
        refunds.come_again(Refund.get(), Refund.get().account, "failed", "card company", "返金が届きませんでした")
    assert kinds() == ["receipt", "void", "void"]


def kinds() -> list[str]:
    return [row["kind"] for row in rows("SELECT * FROM audit_invoices ORDER BY number")]


@pytest.mark.parametrize(
    ("is_opened", "number", "answer"), [(False, 1, "宛名はまだ書かれていません"), (True, 1, "すでに取り消されています")]
)
def test_what_cannot_be_issued_again_is_refused(
    desk: Browser, app: Flask, settings: Settings, is_opened: bool, number: int, answer: str
) -> None:
    a_customer("new")
    browser = steps.pay(Browser(app, settings.public_url))
    if is_opened:
        browser.visit("/history").follow("領収書 1").press("この宛名で開く")
        looked_at(desk).press(OK)
    desk.visit("/staff/papers/1")
    assert not desk.says("取り消して再発行する（宛名の誤り）")

    desk.visit(f"/staff/papers/{number}/reissue").fill("理由", WHY).press("確認へ進む")

    assert (desk.status, desk.says(answer)) == (409, True)
    assert Invoice.select().count() == 1 + is_opened
    assert Order.get().state == "paid"
