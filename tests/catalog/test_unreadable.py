from pathlib import Path

import pytest

from portal.catalog import CatalogError, load_catalog

COMPANY = Path(__file__).parents[2] / "company"


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("12 = 1_100", "12 = 1,100", "12 = 1,100", "「,」や「円」"),
        ("12 = 1_100", "12 = 1100円", "12 = 1100円", "「,」や「円」"),
        ("12 = 1_100", "12 = ¥1100", "12 = ¥1100", "値の書き方"),
        ("12 = 1_100", "12 = 1_100\n12 = 1_200", "12 = 1_200", "2度"),
        ('id = "light"', 'id = "light', 'id = "light', "閉じられていない"),
        ('id = "light"', "id", "id", "項目 = 値"),
        ("\n[renewal] ", "\n[company]\n#", "[company]", "2度"),
    ],
)
def test_a_line_with_a_toml_error_is_shown_with_advice(folder, old, new, line, what):
    message = folder.stopped_by((old, new))

    assert "行目" in message
    assert f"文字目: {line}\n" in message
    assert what in message


def test_an_unclosed_string_is_reported(folder):
    assert "終わり" in folder.stopped_by(('name = "ライトプラン"', 'name = """ライトプラン'))


def test_a_folder_without_a_catalog_is_reported(tmp_path):
    with pytest.raises(CatalogError, match="を読めません"):
        load_catalog(tmp_path)


def test_a_file_in_shift_jis_is_reported(folder):
    file = folder.path / "catalog.toml"
    file.write_bytes(file.read_text(encoding="utf-8").replace("～", "から").encode("cp932"))

    with pytest.raises(CatalogError, match="UTF-8"):
        load_catalog(folder.path)


def test_a_file_with_a_byte_order_mark_is_read(folder):
    file = folder.path / "catalog.toml"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))

    assert load_catalog(folder.path).plans == load_catalog(COMPANY).plans


def test_an_empty_file_lists_the_required_keys(folder):
    (folder.path / "catalog.toml").write_text("", encoding="utf-8")

    with pytest.raises(CatalogError) as stopped:
        load_catalog(folder.path)
    assert all(f"catalog.toml {name}" in str(stopped.value) for name in ("company", "products", "documents", "tax_percent", "renewal"))


@pytest.mark.parametrize(
    ("content", "what"), [(b"", "空です"), (b"\x8c_\x96\xf1", "UTF-8"), (b"<html><body>", "<html"), (b"<H1>x</H1>", "<h2> から")]
)
def test_a_document_that_cannot_be_shown_stops_the_start(folder, content, what):
    (folder.path / "documents" / "ssl-terms-2026-04-01.html").write_bytes(content)

    with pytest.raises(CatalogError, match=what):
        load_catalog(folder.path)
