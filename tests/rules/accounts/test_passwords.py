import pytest

from portal.rules.accounts.passwords import commonest, site_texts, why_refused

PERSON = ("keiyaku01", "見本 太郎", "taro.mihon@mail.example.jp")


@pytest.fixture(scope="module")
def known(catalog) -> tuple[str, ...]:
    return (*site_texts(catalog, "https://panel.kawasemi.example.jp"), *PERSON)


@pytest.mark.parametrize(
    "password",
    [
        "demo-pass",
        "ねこが３匹いる家",
        "とても長いパスワードです。空白 も 使えます",
        "        x     y  z    ",
        "correct horse battery staple",
        "🍣" * 7 + "ab",
        "x1" * 499 + "yz",
        "kawasemi no tonari ni wani",
        "太郎は川へ洗濯に行った",
    ],
)
def test_a_password_that_cannot_be_guessed_is_accepted(known, password):
    assert why_refused(password, known) is None


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("1234567", "8文字以上"),
        ("か\u3099" * 4, "8文字以上"),  # four letters, as a Mac writes them
        ("xy" * 500 + "z", "1,000文字以内"),
        ("password", "多くの人"),
        ("PassWord", "多くの人"),
        ("ｐａｓｓｗｏｒｄ", "多くの人"),
        ("1 2 3 4 5 6 7 8", "多くの人"),
        ("12345678", "多くの人"),
        ("qwertyuiop", "多くの人"),
        ("ああああああああ", "多くの人"),
        ("KEIYAKU01", "ログインID"),
        ("keiyaku01!!", "ログインID"),
        ("taro.mihon", "ログインID"),
        ("kawasemi2026", "会社名"),
        ("かわせみサーバー", "会社名"),
        ("サンプルサーバー1", "会社名"),
        ("見本太郎2026", "お名前"),
        ("スタンダードプラン", "商品名"),
        ("panel.kawasemi", "会社名"),
        ("kawasemi-password", "会社名"),
    ],
)
def test_a_password_that_others_would_try_is_refused_with_the_reason(known, password, reason):
    found = why_refused(password, known)

    assert reason in (found or "")


def test_each_of_the_ten_thousand_commonest_is_refused():
    assert len(commonest()) == 10_000
    assert {"password", "12345678", "iloveyou", "11111111", "trustno1"} <= commonest()
    assert all(why_refused(password, ()) for password in commonest())
