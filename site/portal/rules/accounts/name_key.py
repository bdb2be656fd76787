"""The key of a payer's name: equal for a name as its owner writes it and as banks print it. Raw names are stored beside it.

Banks print half-width kana without small letters, with abbreviated legal forms, cut at about 30 characters. Kanji are never read as kana.
Sources: the character list of the 全銀 formats, and the legal forms that 全銀協 and banks publish.
"""

import re
import unicodedata

SHORTEST_NAME = 2
SHORTEST_BEGINNING = 4  # banks cut names, but a shorter beginning fits too many people
_SMALL = str.maketrans("ァィゥェォッャュョヮヵヶヰヱヲ", "アイウエオツヤユヨワカケイエオ")
_VARIANTS = str.maketrans(
    "髙﨑嵜𠮷濵濱邊邉齋齊澤廣櫻眞國龍惠榮德黑瀨嶋嶌曾槙冨彌應學會實壽圓鐵靜顯凜遙淸增藏條巖驒栁穗勳與佛來萬壯禮",
    "高崎崎吉浜浜辺辺斎斉沢広桜真国竜恵栄徳黒瀬島島曽槇富弥応学会実寿円鉄静顕凛遥清増蔵条巌騨柳穂勲与仏来万壮礼",
)
_FORMS = (
    ("カブシキガイシヤ カブシキカイシヤ 株式会社", "カ"),
    ("ユウゲンガイシヤ ユウゲンカイシヤ 有限会社", "ユ"),
    ("ゴウメイガイシヤ ゴウメイカイシヤ 合名会社", "メ"),
    ("ゴウシガイシヤ ゴウシカイシヤ 合資会社", "シ"),
    ("ゴウドウガイシヤ ゴウドウカイシヤ 合同会社", "ド"),
    ("イリヨウホウジンシヤダン イリヨウホウジン 医療法人社団 医療法人財団 医療法人", "イ"),
    ("コウエキザイダンホウジン イツパンザイダンホウジン ザイダンホウジン 公益財団法人 一般財団法人 財団法人", "ザイ"),
    ("コウエキシヤダンホウジン イツパンシヤダンホウジン シヤダンホウジン 公益社団法人 一般社団法人 社団法人", "シヤ"),
    ("シユウキヨウホウジン 宗教法人", "シユウ"),
    ("ガツコウホウジン 学校法人", "ガク"),
    ("シヤカイフクシホウジン 社会福祉法人", "フク"),
    ("トクテイヒエイリカツドウホウジン 特定非営利活動法人 NPO法人", "トクヒ"),
    ("ドクリツギヨウセイホウジン 独立行政法人", "ドク"),
    ("チホウドクリツギヨウセイホウジン 地方独立行政法人", "チドク"),
    ("ゼイリシホウジン 税理士法人", "ゼイ"),
    ("ベンゴシホウジン 弁護士法人", "ベン"),
    ("シホウシヨシホウジン 司法書士法人", "シホウ"),
    ("ギヨウセイシヨシホウジン 行政書士法人", "ギヨ"),
    ("シヤカイホケンロウムシホウジン 社会保険労務士法人", "ロウム"),
    ("ノウジクミアイホウジン 農事組合法人", "ノウ"),
    ("カンリクミアイホウジン 管理組合法人", "カンリ"),
    ("コクリツダイガクホウジン 国立大学法人", "ダイ"),
    ("ソウゴガイシヤ 相互会社", "ソ"),
    ("コウセイホゴホウジン 更生保護法人", "ホゴ"),
    ("エイギヨウシヨ 営業所", "エイ"),
    ("シユツチヨウジヨ 出張所", "シユツ"),
)
_FULL = sorted((form for forms, _ in _FORMS for form in forms.split()), key=len, reverse=True)
_KANJI_MARKS = ("株", "有", "名", "資", "同", "医", "財", "社", "宗", "学", "福", "特非")
_SHORT = sorted([*(short for _, short in _FORMS), *_KANJI_MARKS], key=len, reverse=True)
_MARK = "|".join(_SHORT)
_ABBREVIATION = re.compile(rf"\((?:{_MARK})\)|^(?:{_MARK})\)|\((?:{_MARK})$")
_WORD = "|".join(_FULL)
_FULL_FORM = re.compile(rf"^(?:{_WORD})|(?:{_WORD})$")
_NUMBER = re.compile(r"[0-9][0-9 ー－―‐‑‒–—−ｰ-]*", re.ASCII)
_NO_LETTER = re.compile(r"[\sー－―‐‑‒–—−ｰ\-─━・･.,()/、。「」'’:;&＆*＊_]")


def name_key(text: str) -> str:
    """ｶ)ﾔﾏﾀﾞｼﾖｳｼﾞ, ヤマダショウジ　カブシキガイシャ, ﾔﾏﾀﾞｼﾖｳｼﾞ(ｶ and やまだしょうじ are all ヤマダシヨウジ. Numbers are no part of it."""
    return _NO_LETTER.sub("", _without_form(_NUMBER.sub("", _even(text)).strip()))


def is_same_name(one: str, other: str) -> bool:
    """Both are keys. An empty key is nobody's."""
    return one == other and len(one) >= SHORTEST_NAME


def may_be_same_name(one: str, other: str) -> bool:
    """The same name, or one is the beginning of the other, as banks cut names: a candidate for staff, never sure."""
    shorter, longer = sorted((one, other), key=len)
    return is_same_name(one, other) or (len(shorter) >= SHORTEST_BEGINNING and longer.startswith(shorter))


def _even(text: str) -> str:
    """In full-width capitals, katakana without small letters, and today's kanji."""
    wide = unicodedata.normalize("NFKC", text.replace("゛", "\u3099").replace("゜", "\u309a"))
    katakana = "".join(chr(ord(letter) + 0x60) if "ぁ" <= letter <= "ゖ" else letter for letter in wide)
    seen = "".join(letter for letter in katakana.upper() if unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Mn"))
    return seen.translate(_SMALL).translate(_VARIANTS)


def _without_form(name: str) -> str:
    """Without its legal form, which stands at an edge; ヤマダカ stays as it is."""
    name = _ABBREVIATION.sub("", name).strip()
    left = _FULL_FORM.sub("", name).strip()
    return left or name
