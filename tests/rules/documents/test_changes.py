import pytest

from portal.rules.documents.changes import Change, blocks_of, changes

OLD = "<h2>第1条（期間）</h2><ol><li>月の末日に終わります。</li><li>無料です。</li></ol><h2>第2条（返金）</h2><p>返金しません。</p>"


def test_a_text_has_no_changes_from_itself():
    assert changes(OLD, OLD) == []


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("無料です。", "半額です。", Change("第1条（期間）", ("無料です。",), ("半額です。",))),
        ("<li>無料です。</li>", "", Change("第1条（期間）", ("無料です。",), ())),
        ("<p>返金しません。</p>", "<p>返金しません。</p><p>例外があります。</p>", Change("第2条（返金）", (), ("例外があります。",))),
        ("第2条（返金）", "第2条（お返し）", Change("第2条（お返し）", ("第2条（返金）",), ("第2条（お返し）",))),
    ],
)
def test_what_changed_stands_under_the_heading_of_its_article(old: str, new: str, change: Change):
    assert changes(OLD, OLD.replace(old, new)) == [change]


def test_other_markup_and_line_breaks_are_no_change():
    assert changes("<p>無料 です。</p>", "<p>\n<b>無料</b>\n です。</p>\n") == []


def test_no_text_is_lost():
    assert [block.text for block in blocks_of("はじめに<ul><li>表<ul><li>裏</li></ul>側</li></ul>おわり")] == [
        "はじめに",
        "表",
        "裏",
        "側",
        "おわり",
    ]
