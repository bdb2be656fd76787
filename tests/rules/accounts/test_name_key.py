"""A name as its owner writes it beside the same name as a bank prints it, and names that are not the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.accounts.name_key import is_same_name, may_be_same_name, name_key

# small kana, long vowels and dashes, voiced marks, width and spaces, legal forms, numbers, older kanji
SAME = [
    ("キョウコ", "ｷﾖｳｺ"), ("しょうじ", "ｼﾖｳｼﾞ"), ("ショウジ", "ｼﾖｳｼﾞ"), ("みっちー", "ﾐﾂﾁ-"), ("ジュン", "ｼﾞﾕﾝ"),
    ("ファミリア", "ﾌｱﾐﾘｱ"), ("カヮカミ", "ｶﾜｶﾐ"), ("せきヶはら", "ｾｷｹﾊﾗ"), ("ヴィーナス", "ｳﾞｲ-ﾅｽ"),
    ("リョウ　ギョク", "ﾘﾖｳ ｷﾞﾖｸ"), ("ペーパー商事", "ﾍﾟ-ﾊﾟ-商事"), ("サーバー", "ｻｰﾊﾞｰ"), ("サーバー", "ｻ-ﾊﾞ-"),
    ("ミュラー", "ﾐﾕﾗ−"), ("ケーキ", "ケ―キ"), ("データ", "ﾃﾞ‐ﾀ"), ("ガス", "ｶﾞｽ"), ("パン", "ﾊﾟﾝ"), ("カ\u3099ス", "ガス"),
    ("カ゛ス", "ｶﾞｽ"), ("ハ゜ン", "ﾊﾟﾝ"), ("ばんだい", "ﾊﾞﾝﾀﾞｲ"), ("みほん　たろう", "ﾐﾎﾝ ﾀﾛｳ"), ("ミホン タロウ", "ﾐﾎﾝﾀﾛｳ"),
    ("ｍｉｈｏｎ", "MIHON"), ("Mihon Taro", "ＭＩＨＯＮ　ＴＡＲＯ"), ("ミホン・タロウ", "ﾐﾎﾝ ﾀﾛｳ"),
    ("ミホン\u00a0タロウ", "ミホン タロウ"), ("ミホン\u200bタロウ", "ﾐﾎﾝﾀﾛｳ"), ("ヱビス", "ｴﾋﾞｽ"), ("ヲノ", "ｵﾉ"),
    ("ヰダ", "ｲﾀﾞ"), ("O'Brien", "OBRIEN"), ("株式会社山田商事", "(株)山田商事"), ("山田商事株式会社", "㈱山田商事"),
    ("㍿山田商事", "山田商事（株）"), ("ヤマダショウジ　カブシキガイシャ", "ｶ)ﾔﾏﾀﾞｼﾖｳｼﾞ"), ("やまだしょうじ", "ﾔﾏﾀﾞｼﾖｳｼﾞ(ｶ"),
    ("カブシキガイシャ ヤマダショウジ", "ﾔﾏﾀﾞｼﾖｳｼﾞ(ｶ"), ("ヤマダショウジ", "ｶ)ﾔﾏﾀﾞｼﾖｳｼﾞ"), ("かぶしきかいしゃ みほん", "ｶ)ﾐﾎﾝ"),
    ("ユウゲンガイシャ ミホン", "ﾕ)ﾐﾎﾝ"), ("有限会社見本", "見本(有)"), ("ゴウドウガイシャミホン", "ﾄﾞ)ﾐﾎﾝ"),
    ("合同会社見本", "見本"), ("ゴウシガイシャ　ミホン", "ﾐﾎﾝ(ｼ"), ("ゴウメイガイシャ ミホン", "ﾒ)ﾐﾎﾝ"),
    ("イリョウホウジン ミホンカイ", "ｲ)ﾐﾎﾝｶｲ"), ("医療法人社団見本会", "見本会"), ("ガッコウホウジンミホン", "ｶﾞｸ)ﾐﾎﾝ"),
    ("シャカイフクシホウジン ミホン", "ﾌｸ)ﾐﾎﾝ"), ("シュウキョウホウジン ミホンジ", "ｼﾕｳ)ﾐﾎﾝｼﾞ"),
    ("トクテイヒエイリカツドウホウジン ミホン", "ﾄｸﾋ)ﾐﾎﾝ"), ("ＮＰＯ法人見本", "見本"), ("ザイダンホウジンミホン", "ｻﾞｲ)ﾐﾎﾝ"),
    ("一般社団法人見本", "見本"), ("イッパンシャダンホウジンミホン", "ｼﾔ)ﾐﾎﾝ"), ("ゼイリシホウジン ミホン", "ｾﾞｲ)ﾐﾎﾝ"),
    ("ミホン（カ）エイギョウショ", "ﾐﾎﾝ(ｶ)ｴｲｷﾞﾖｳｼﾖ"), ("ベンゴシホウジン ミホン", "ﾍﾞﾝ)ﾐﾎﾝ"),
    ("ミホン タロウ", "26131912 ﾐﾎﾝ ﾀﾛｳ"), ("ミホン タロウ", "2613-1912ﾐﾎﾝﾀﾛｳ"), ("ミホン タロウ", "ﾐﾎﾝ ﾀﾛｳ 26131912"),
    ("カ）ミホン", "12345678 ｶ)ﾐﾎﾝ"), ("髙橋 花", "高橋花"), ("山﨑", "山崎"), ("山嵜", "山崎"), ("𠮷田", "吉田"),
    ("渡邊", "渡辺"), ("渡邉", "渡辺"), ("齋藤", "斎藤"), ("廣澤", "広沢"), ("濱田", "浜田"), ("眞鍋", "真鍋"),
    ("櫻井", "桜井"), ("葛\U000e0100城", "葛城"), ("嶋田", "島田"), ("德永", "徳永"), ("神\ufa19", "神神"),
]  # fmt: skip
NOT_THE_SAME = [
    ("ミホン タロウ", "ﾐﾎﾝ ｼﾞﾛｳ"), ("ヤマダ", "ﾔﾏﾀﾞｶ"), ("ヤマダカ", "ｶ)ﾔﾏﾀﾞ"), ("カトウ", "ｶﾞﾄｳ"), ("ハマダ", "ﾊﾞﾏﾀﾞ"),
    ("パン", "ﾊﾞﾝ"), ("サトウ", "ｻﾄ"), ("オオノ", "ｵﾉ"), ("斎藤", "斉藤"), ("見本 花", "ﾐﾎﾝ ﾊﾅ"), ("高橋", "ﾀｶﾊｼ"),
    ("ユウゲン", "ﾕ)ｹﾞﾝ"), ("イトウ", "ｲ)ﾄｳ"), ("ミホン", "ﾐﾎﾝｼﾞ"), ("シ", "ｼ)"), ("26131912", "26131912"), ("", ""),
    ("ー", "-"), ("（株）", "(株)山田"), ("タロウ ミホン", "ﾐﾎﾝ ﾀﾛｳ"),
]  # fmt: skip
CUT_BY_THE_BANK = [
    ("カブシキガイシャ ミホンショウジ ホールディングス", "ｶ)ﾐﾎﾝｼﾖｳｼﾞﾎ-ﾙﾃﾞｲﾝ"),
    ("ミホン タロウ ジムショ", "ﾐﾎﾝ ﾀﾛｳ"),
    ("ﾐﾎﾝﾀﾛ", "ミホンタロウ"),
]
NOT_EVEN_CUT = [("ミホン", "ﾐﾎﾝ ﾀﾛｳ"), ("タロウ", "ﾐﾎﾝ ﾀﾛｳ"), ("ミホンジロウ", "ﾐﾎﾝ ﾀﾛｳ"), ("", "ﾐﾎﾝ ﾀﾛｳ")]


@pytest.mark.parametrize(("written", "printed"), SAME, ids=range(len(SAME)))
def test_a_bank_prints_the_same_name(written: str, printed: str) -> None:
    assert is_same_name(name_key(written), name_key(printed)), (name_key(written), name_key(printed))


def test_other_names_are_not_the_same() -> None:
    assert [pair for pair in NOT_THE_SAME if is_same_name(*map(name_key, pair))] == []


def test_a_name_that_the_bank_has_cut_is_only_a_candidate() -> None:
    assert [pair for pair in CUT_BY_THE_BANK if not may_be_same_name(*map(name_key, pair))] == []
    assert [pair for pair in CUT_BY_THE_BANK if is_same_name(*map(name_key, pair))] == []
    assert [pair for pair in NOT_EVEN_CUT if may_be_same_name(*map(name_key, pair))] == []


@given(st.text(max_size=60))
def test_every_text_has_a_key_without_spaces(text: str) -> None:
    assert not any(letter.isspace() for letter in name_key(text))
