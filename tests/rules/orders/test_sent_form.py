"""Which of two posts of a contract form counts."""

import pytest

from portal.forms.sent_form import new_page, sent_form
from portal.rules.orders.sent_form import SentForm

PAGE, OTHER = "5-1000000000000000", "5-2000000000000000"


@pytest.mark.parametrize(
    ("sent", "draft", "counts"),
    [
        (SentForm(PAGE, 5, 0), (5, "", 0), True),
        (SentForm(PAGE, 5, 0), (6, "", 0), False),
        (SentForm(PAGE, 5, 20), (6, PAGE, 10), True),
        (SentForm(PAGE, 5, 10), (6, PAGE, 10), True),
        (SentForm(PAGE, 5, 10), (6, PAGE, 20), False),
        (SentForm(PAGE, 5, 0), (6, PAGE, 20), True),
        (SentForm(PAGE, 5, 30), (6, OTHER, 20), False),
        (SentForm(PAGE, 6, 10), (6, OTHER, 20), True),
    ],
    ids=[
        "first", "changed since it was rendered", "later", "again", "late", "without script", "another tab wrote meanwhile",
        "opened after the other tab",
    ],
)  # fmt: skip
def test_the_last_form_that_was_sent_counts(sent: SentForm, draft: tuple[int, str, int], counts: bool) -> None:
    assert sent.counts(*draft) is counts


def test_what_no_page_sent_has_no_page() -> None:
    for page in ("", "5", "5-", "x-1", "5-1000000000000000x", "-1-5", "９-1"):
        assert sent_form({"page": page, "sent": "1"}) is None


@pytest.mark.parametrize(("typed", "at"), [("", 0), ("0", 0), ("1764370000000", 1764370000000), ("-1", 0), ("9" * 16, 2**53), ("1e9", 0)])
def test_the_browsers_clock_is_a_number_that_the_database_can_store(typed: str, at: int) -> None:
    assert sent_form({"page": new_page(7), "sent": typed}).at == at
    assert sent_form({"page": new_page(7), "sent": typed}).revision == 7
