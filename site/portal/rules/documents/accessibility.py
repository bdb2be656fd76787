"""CRITERIA: each success criterion of WCAG 2.2 (A, AA) and JIS X 8341-3:2016, and how the program's pages were checked against it.

Made by hand; what a machine says of it is checked by tests/test_accessibility.py. What nobody has checked says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from portal.enums import LabelEnum

READ_ON = date(2026, 11, 29)  # what is proved BY_HAND
NOTHING: Mapping["Screens", "Result"] = MappingProxyType({})


class Screens(LabelEnum):
    CUSTOMERS = "customers", "お客様の画面"
    COMPANIES = "companies", "カード会社・おさいぽ!（見本）の画面"
    ERRORS = "errors", "エラーの画面"
    STAFF = "staff", "担当者の画面"


class Result(LabelEnum):
    MET = "met", "○"
    PARTLY = "partly", "△"
    NOTHING_THERE = "nothing", "該当なし"
    UNKNOWN = "unknown", "未確認"


class Proof(StrEnum):
    """AXE: axe-core on every state of /demo/states in five renderings. OWN: a check of ours on them. TESTS: tests in real browsers."""

    AXE = "axe"
    OWN = "own"
    TESTS = "tests"
    BY_HAND = "hand"


@dataclass(frozen=True)
class Criterion:
    """`how`: what was done. `but`: screens of which another result holds. `new_in`: the version of WCAG, if JIS X 8341-3:2016 lacks it.

    `is_jis_alone`: left out of WCAG 2.2.
    """

    number: str
    name: str
    level: str
    proofs: tuple[Proof, ...]
    how: str = ""
    result: Result = Result.MET
    but: Mapping[Screens, Result] = field(default_factory=lambda: NOTHING)
    new_in: str = ""
    is_jis_alone: bool = False

    def of(self, screens: Screens) -> Result:
        return self.but.get(screens, self.result)


def _absent(number: str, name: str, level: str, how: str, new_in: str = "") -> Criterion:
    return Criterion(number, name, level, (Proof.BY_HAND,), how, Result.NOTHING_THERE, new_in=new_in)


_AXE, _OWN, _TESTS, _HAND = Proof.AXE, Proof.OWN, Proof.TESTS, Proof.BY_HAND
_NO_MEDIA = "音声・動画はない"
_WORDS = "すべての状態の見出し・ラベル・ボタン・リンクの語を一覧にして読んだ"

CRITERIA: tuple[Criterion, ...] = (
    Criterion("1.1.1", "非テキストコンテンツ", "A", (_AXE, _HAND), "図（期間の帯）は読み上げの対象外で、同じ内容が文字で並ぶ"),
    _absent("1.2.1", "音声だけ及び映像だけ（収録済み）", "A", _NO_MEDIA),
    _absent("1.2.2", "キャプション（収録済み）", "A", _NO_MEDIA),
    _absent("1.2.3", "音声解説又は代替コンテンツ（収録済み）", "A", _NO_MEDIA),
    _absent("1.2.4", "キャプション（ライブ）", "AA", _NO_MEDIA),
    _absent("1.2.5", "音声解説（収録済み）", "AA", _NO_MEDIA),
    Criterion("1.3.1", "情報及び関係性", "A", (_AXE, _OWN), "見出し・ラベル・凡例・表の見出しを、構文から確かめる"),
    Criterion(
        "1.3.2", "意味のあるシーケンス", "A", (_TESTS,), "edbrowse、w3m、lynx、elinks で購入・更新し、スタイルシートなしの順序を調べる"
    ),
    Criterion("1.3.3", "感覚的な特徴", "A", (_HAND,), "位置を言う文（「下の OK」）は、ボタンの名前も言う"),
    Criterion("1.3.4", "表示の向き", "AA", (_HAND,), "スタイルシートに向きの条件がない", new_in="2.1"),
    Criterion("1.3.5", "入力目的の特定", "AA", (_AXE,), new_in="2.1"),
    Criterion("1.4.1", "色の使用", "A", (_AXE, _HAND), "状態の札は言葉と形でも分かり、本文のリンクには下線がある"),
    _absent("1.4.2", "音声の制御", "A", _NO_MEDIA),
    Criterion("1.4.3", "コントラスト（最低限レベル）", "AA", (_AXE,), "明るい配色と暗い配色の両方"),
    Criterion("1.4.4", "テキストのサイズ変更", "AA", (_AXE, _OWN), "200%で、横にはみ出すものがない"),
    _absent("1.4.5", "文字画像", "AA", "文字の画像はない"),
    Criterion("1.4.10", "リフロー", "AA", (_OWN,), "幅320ピクセルで、横にはみ出すものがない", new_in="2.1"),
    Criterion(
        "1.4.11",
        "非テキストのコントラスト",
        "AA",
        (_HAND,),
        "入力欄とボタンの枠線を計算した（明るい配色 4.5:1、暗い配色 3.9:1。見本の会社の入力欄は"
        " 5.7:1 と 3.2:1、ボタンは中の文字で分かる）。図の内容は、となりの文字で分かる",
        new_in="2.1",
    ),
    Criterion("1.4.12", "テキストの間隔", "AA", (_OWN,), "行間・字間を広げて、切れるものがない", new_in="2.1"),
    _absent("1.4.13", "ホバー又はフォーカスで表示されるコンテンツ", "AA", "重ねて表示するものはない", new_in="2.1"),
    Criterion("2.1.1", "キーボード", "A", (_OWN, _TESTS), "Tab だけで、押せるもの・入力できるもののすべてに届く"),
    Criterion("2.1.2", "キーボードトラップなし", "A", (_OWN,), "Tab で、すべてを通り抜ける"),
    _absent("2.1.4", "文字キーのショートカット", "A", "ショートカットはない", new_in="2.1"),
    Criterion(
        "2.2.1",
        "タイミング調整可能",
        "A",
        (_TESTS,),
        "ログインの残り5分で知らせ、押すと延びる（スクリプトなしでは知らせない）。入力した内容は30分間残る。"
        "見本の会社の画面は1時間で終わり、延ばせない",
        Result.PARTLY,
        MappingProxyType({Screens.ERRORS: Result.NOTHING_THERE}),
    ),
    Criterion(
        "2.2.2",
        "一時停止、停止及び非表示",
        "A",
        (_TESTS,),
        "状態の自動表示は止められる",
        but=MappingProxyType(dict.fromkeys((Screens.COMPANIES, Screens.ERRORS, Screens.STAFF), Result.NOTHING_THERE)),
    ),
    _absent("2.3.1", "3回の閃光、又は閾値以下", "A", "動くもの・光るものはない"),
    Criterion("2.4.1", "ブロックスキップ", "A", (_AXE,), "「本文へ移動」と、main の領域"),
    Criterion("2.4.2", "ページタイトル", "A", (_AXE, _OWN), "題名は見出しで始まり、誤りのある画面では「エラー：」で始まる"),
    Criterion("2.4.3", "フォーカス順序", "A", (_TESTS, _HAND), "順序を変える tabindex がない"),
    Criterion("2.4.4", "リンクの目的（コンテキスト内）", "A", (_AXE, _HAND), _WORDS),
    Criterion(
        "2.4.5",
        "複数の手段",
        "AA",
        (_HAND,),
        "手続きの途中の画面は対象外。アカウント設定、送信済みメール、お支払い履歴へは、コントロールパネルからだけ進める",
        Result.PARTLY,
        MappingProxyType(
            {Screens.COMPANIES: Result.NOTHING_THERE, Screens.ERRORS: Result.NOTHING_THERE, Screens.STAFF: Result.MET},
        ),
    ),
    Criterion("2.4.6", "見出し及びラベル", "AA", (_HAND,), _WORDS),
    Criterion("2.4.7", "フォーカスの可視化", "AA", (_OWN,), "フォーカスの印が、どの要素にもある"),
    Criterion("2.4.11", "隠されないフォーカス（最低限）", "AA", (_OWN,), "フォーカスした要素を、ほかのものが覆わない", new_in="2.2"),
    _absent("2.5.1", "ポインタのジェスチャ", "A", "ジェスチャはない", new_in="2.1"),
    Criterion("2.5.2", "ポインタのキャンセル", "A", (_HAND,), "ブラウザーの標準のリンク・ボタン・入力欄だけを使う", new_in="2.1"),
    Criterion("2.5.3", "ラベルを含む名前", "A", (_HAND,), "見える語を置き換える aria-label を、部品に付けていない", new_in="2.1"),
    _absent("2.5.4", "動きによる起動", "A", "端末の動きは使わない", new_in="2.1"),
    _absent("2.5.7", "ドラッグ動作", "AA", "ドラッグはない", new_in="2.2"),
    Criterion("2.5.8", "ターゲットのサイズ（最低限）", "AA", (_OWN,), "文中のリンクのほかは、24ピクセル四方以上", new_in="2.2"),
    Criterion("3.1.1", "ページの言語", "A", (_AXE, _OWN)),
    Criterion("3.1.2", "一部分の言語", "AA", (_HAND,), "日本語のほかは、固有の名前だけ"),
    Criterion("3.2.1", "フォーカス時", "A", (_HAND,), "フォーカスだけで変わるものはない"),
    Criterion("3.2.2", "入力時", "A", (_TESTS,), "選ぶと見積もりだけが変わり、送信はボタンで行う"),
    Criterion("3.2.3", "一貫したナビゲーション", "AA", (_HAND,), "メニューとフッターは、1つの雛形から作る"),
    Criterion("3.2.4", "一貫した識別性", "AA", (_HAND,), _WORDS),
    Criterion(
        "3.2.6",
        "一貫したヘルプ",
        "A",
        (_HAND,),
        "お問い合わせ先は、お客様の画面のフッターの同じ位置にある",
        but=MappingProxyType({Screens.COMPANIES: Result.NOTHING_THERE, Screens.STAFF: Result.NOTHING_THERE}),
        new_in="2.2",
    ),
    Criterion("3.3.1", "エラーの特定", "A", (_OWN, _TESTS), "誤りは、上のまとめと、それぞれの欄に文で示す"),
    Criterion("3.3.2", "ラベル又は説明", "A", (_AXE, _OWN)),
    Criterion("3.3.3", "エラー修正の提案", "AA", (_HAND,), "誤りの文を一覧にして読んだ。どれも、どう直すかを言う"),
    Criterion("3.3.4", "エラー回避（法的、金融及びデータ）", "AA", (_TESTS,), "お支払いと取り消しの前に、内容を確かめる画面がある"),
    Criterion("3.3.7", "冗長な入力項目", "A", (_TESTS,), "選んだ内容は、手続きのあいだ残る", new_in="2.2"),
    Criterion(
        "3.3.8", "アクセシブルな認証（最低限）", "AA", (_HAND,), "パスワードも確認コードも、貼り付けと自動入力ができる", new_in="2.2"
    ),
    Criterion(
        "4.1.1",
        "構文解析",
        "A",
        (_OWN, _HAND),
        "html5lib がすべての状態を、Nu Html Checker がこの日の443の状態を読み、HTMLの誤りは0件",
        is_jis_alone=True,
    ),
    Criterion("4.1.2", "名前、役割及び値", "A", (_AXE,)),
    Criterion(
        "4.1.3",
        "ステータスメッセージ",
        "AA",
        (_TESTS,),
        "お見積りの変化と誤りの知らせは、Orca が読み上げる。ほかの知らせは、置く場所と文だけを試験する",
        but=MappingProxyType(dict.fromkeys((Screens.COMPANIES, Screens.ERRORS, Screens.STAFF), Result.PARTLY)),
        new_in="2.1",
    ),
)


def not_met() -> tuple[Criterion, ...]:
    """What customers' pages do not meet, or what nobody has checked there."""
    return tuple(criterion for criterion in CRITERIA if criterion.of(Screens.CUSTOMERS) in (Result.PARTLY, Result.UNKNOWN))


def counted(level: str) -> Mapping[Result, int]:
    """How many criteria of the level have which result on customers' pages."""
    found = [criterion.of(Screens.CUSTOMERS) for criterion in CRITERIA if criterion.level == level]
    return {result: found.count(result) for result in Result}
