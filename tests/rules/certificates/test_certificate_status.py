"""The states of a certificate."""

from datetime import date

import pytest

from portal.enums import CertificateState
from portal.rules.certificates.certificate_status import CertificateStatus, CommonName, certificate_status, common_names

END, TODAY = date(2027, 11, 30), date(2027, 10, 30)
BEFORE = date(2027, 10, 29)
STORED, SHOWN = CertificateState, CertificateStatus


@pytest.mark.parametrize(
    ("stored", "issued_until", "usable_until", "goes_on", "shown"),
    [
        (None, None, END, False, SHOWN.UNSET),
        (None, None, BEFORE, False, SHOWN.ENDED),
        (None, None, None, False, SHOWN.ENDED),
        (STORED.REQUESTED, None, END, False, SHOWN.REQUESTED),
        (STORED.REQUESTED, BEFORE, END, False, SHOWN.REQUESTED),
        (STORED.REQUESTED, END, date(2028, 11, 30), True, SHOWN.VALID),
        (STORED.ISSUED, END, date(2027, 12, 31), False, SHOWN.VALID),
        (STORED.ISSUED, END, END, True, SHOWN.VALID),
        (STORED.ISSUED, END, END, False, SHOWN.ENDING),
        (STORED.ISSUED, BEFORE, END, False, SHOWN.ENDED),
        (STORED.ISSUED, END, BEFORE, False, SHOWN.ENDED),
        (STORED.FAILED, None, END, False, SHOWN.FAILED),
        (STORED.FAILED, END, END, True, SHOWN.FAILED),
        (STORED.ENDED, END, END, False, SHOWN.ENDED),
    ],
)
def test_what_is_shown_of_what_is_stored(
    stored: CertificateState | None, issued_until: date | None, usable_until: date | None, goes_on: bool, shown: CertificateStatus
) -> None:
    """Its end is near from 31 days before it on, here: the day itself counts."""
    found = certificate_status(stored, issued_until, usable_until, TODAY, goes_on=goes_on, days_before=31)

    assert found is shown


def test_a_certificate_has_room_for_64_characters() -> None:
    sixty = "a" * 57 + ".jp"

    assert common_names("example.jp", "example.jp")[1] == CommonName("www.example.jp", "www.example.jp")
    assert [each.name for each in common_names(sixty, sixty)] == [sixty, f"www.{sixty}"]
    assert [each.name for each in common_names(f"a{sixty}", f"a{sixty}")] == [f"a{sixty}"]
    assert common_names("a" * 62 + ".jp", "") == ()
