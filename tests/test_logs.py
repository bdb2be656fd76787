import io
import json
import logging
import time

import pytest

from portal.runtime.logs import HIDDEN, CardNumberFilter, mask_card_numbers

FORMS = [
    "4242424242424242",
    "4242 4242 4242 4242",
    "4242-4242-4242-4242",
    "４２４２４２４２４２４２４２４２",
    "４２４２　４２４２　４２４２　４２４２",
    "４２４２ー４２４２−４２４２－４２４２",
    "4242\u00a04242\u20114242  4242",
    "4242+4242%204242%E3%80%804242",
    "378282246310005",
    "3782 822463 10005",
    "4222222222222",
    "6304000000000000000",
]


@pytest.fixture
def log():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(CardNumberFilter())
    logger = logging.getLogger("portal.test_logs.child")
    parent = logging.getLogger("portal.test_logs")
    parent.addHandler(handler)
    parent.propagate = False
    logger.written = stream.getvalue
    yield logger
    parent.removeHandler(handler)


@pytest.mark.parametrize("number", FORMS)
@pytest.mark.parametrize("around", ["{}", "番号は{}です", "number={}&code=123", "1 {}", "2026-11-22 {} 660", "({})", "o-12,{},34"])
def test_a_card_number_is_masked_in_any_notation(number, around):
    masked = mask_card_numbers(around.format(number))

    assert HIDDEN in masked
    assert number not in masked
    assert number[-4:] not in masked


@pytest.mark.parametrize("number", FORMS)
def test_an_escaped_card_number_is_masked(number):
    for escaped in (json.dumps(number), ascii(number), repr(number)):
        assert number[-2:] not in mask_card_numbers(escaped)
        assert HIDDEN in mask_card_numbers(escaped)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22 12:34:56,789 INFO GET /orders/20261122-0001 200",
        "4242424242424243",
        "424242424242",
        "13,200円 090-1234-5678 150-0043",
        "demo-o12-a1",
        "2026-11-22 2027-11-30",
        "GET /orders/20261122-0001 200 1234",
        "127.0.0.1 - - [22/Nov/2026:12:34:56 +0900]",
        "",
    ],
)
def test_other_numbers_stay_readable(text):
    assert mask_card_numbers(text) == text


def test_several_card_numbers_are_all_masked():
    assert mask_card_numbers("4242424242424242 5555555555554444, 378282246310005") == f"{HIDDEN} {HIDDEN}, {HIDDEN}"


def test_card_numbers_in_messages_arguments_and_exceptions_are_masked(log):
    log.error("card %s", "4242 4242 4242 4242")
    log.error({"number": "4242424242424242"})
    log.error("%(number)s", {"number": 4242424242424242})
    try:
        raise ValueError("４２４２　４２４２　４２４２　４２４２") from KeyError("4242424242424242")
    except ValueError:
        log.exception("at the card page", stack_info=True)

    assert log.written().count(HIDDEN) >= 5
    assert "4242" not in log.written()
    assert "４２４２" not in log.written()
    assert "Traceback" in log.written()


def test_card_numbers_in_mismatched_arguments_are_masked(log, capsys):
    log.error("one %s two %s", "4242424242424242")
    log.error("%d yen", "4242424242424242")

    assert log.written().count(HIDDEN) == 2
    assert "4242" not in log.written() + capsys.readouterr().err


def test_card_numbers_in_extra_values_are_masked():
    record = logging.makeLogRecord({"msg": "x", "typed": "4242424242424242"})

    assert CardNumberFilter().filter(record)
    assert record.typed == HIDDEN


def test_an_ordinary_log_line_is_unchanged(log):
    log.warning("order %s paid %d yen", "20261122-0001", 13_200)

    assert log.written() == "order 20261122-0001 paid 13200 yen\n"


@pytest.mark.parametrize("text", ["1 ", "1", "4242 ", "%20", "1-", "1 2-", "4242424242424242 "])
def test_long_log_lines_are_masked_quickly(log, text):
    started = time.thread_time()
    log.error(text * 500_000)

    assert time.thread_time() - started < 20, "a second if each part of the line is read once; minutes if again from each place"
    assert len(log.written()) < 30_000
