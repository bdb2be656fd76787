"""The company's colour and mark: readable, small, and harmless, or no start."""

import pytest

from portal.catalog import load_catalog
from portal.catalog.brand import contrast

COLOR = 'brand_color = "#00677f"'
MARK = "brand_mark = '<svg "


def test_the_sample_s_colour_is_readable_on_white():
    assert round(contrast((0, 0x67, 0x7F), (255, 255, 255)), 1) == 6.5


@pytest.mark.parametrize("color", ["#000000", "#0017c1", "#ce0000"])
def test_a_dark_colour_is_taken(folder, color):
    folder.change((COLOR, f'brand_color = "{color}"'))

    assert load_catalog(folder.path).company.brand_color == color


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("#ffd43d", "「#ffd43d」は明るすぎて読めません。"),
        ("#757575", "いまは 4.14:1"),  # 4.61:1 on white, and less on its own tint
        ("#00677F", "小文字"),
        ("teal", "半角の16進数6けた"),
    ],
)
def test_a_colour_that_cannot_be_read_stops_the_start(folder, written, said):
    assert said in folder.stopped_by((COLOR, f'brand_color = "{written}"'))


@pytest.mark.parametrize("svg", ["<img src=x>", "<img/>", "<svg>", f'<svg><path d="{"M0 0" * 500}"/></svg>'])
def test_a_mark_that_is_no_small_picture_stops_the_start(folder, svg):
    assert "2,000バイト以内" in folder.stopped_by((MARK, f"brand_mark = '{svg}' # "))


def test_a_company_without_a_mark_has_its_name_alone(folder):
    folder.change((MARK, "# "))

    assert load_catalog(folder.path).company.brand_mark == ""
