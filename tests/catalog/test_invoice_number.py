import logging

import pytest

from portal.catalog import load_catalog
from portal.catalog.identity import check_digit


@pytest.mark.parametrize("number", ["7000012050002", "4011001098993", "7123456789012", "2120901007402", "9234567890123"])
def test_a_wrong_check_digit_of_a_corporate_number_is_refused(number):
    assert check_digit(number[1:]) == int(number[0])


def test_a_sole_traders_number_with_another_check_digit_is_only_a_warning(folder, caplog):
    folder.change(('"T7123456789012"', '"T1123456789012"'), ('invoice_number_kind = "法人"', 'invoice_number_kind = "個人"'))

    with caplog.at_level(logging.WARNING):
        assert load_catalog(folder.path).company.invoice_number == "T1123456789012"
    assert "検査数字" in caplog.text
