"""The longest papers on one A4 sheet: as many lines as a charge of many certificates has, with the longest common names and 宛名."""

import re
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask, render_template
from playwright.sync_api import Browser as Chromium

from models import Invoice, InvoiceAddressee
from portal import clock
from portal.enums import InvoiceKind
from portal.forms.documents import LONGEST_ADDRESSEE
from portal.rules.certificates.certificate_status import LONGEST_COMMON_NAME
from portal.screens.papers import printed
from tests import steps
from tests.browser import Browser
from tests.factories import a_customer
from tests.real.browsers import IS_LONG

LINES = 20  # more of them, and it is a second sheet
MARGIN = dict.fromkeys(("top", "right", "bottom", "left"), "15mm")


@pytest.mark.skipif(not IS_LONG, reason="./run browsers")
def test_long_papers_print_on_one_sheet(app: Flask, browser: Browser, chromium_browser: Chromium) -> None:
    a_customer("new")
    steps.pay(browser)
    stored = Invoice.get()
    InvoiceAddressee.write(invoice=stored, addressee=f"{'株' * LONGEST_ADDRESSEE} 御中", written_at=clock.now())
    paper = printed(stored, "")
    name = f"独自SSL（クイック認証） {'a' * (LONGEST_COMMON_NAME - 3)}.jp"
    content = replace(paper.content, items=(replace(paper.content.items[0], name=name),) * LINES, discount_yen=440, instead_of=12)
    back = replace(content, kind=InvoiceKind.RETURN, receipt=1, paid_on=date(2026, 1, 31))
    page = chromium_browser.new_page()

    for each in (content, back):
        with app.test_request_context():
            page.set_content(render_template("documents/paper_file.html", paper=replace(paper, content=each), file_name="見本"))
        sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", margin=MARGIN))
        assert len(sheets) == 1, each.kind
    page.close()
