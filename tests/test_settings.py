import secrets
from pathlib import Path

import pytest

from portal.demo.companies import demo_companies
from portal.runtime.settings import UnsafeSettings, sample_company, settings_from
from tests.own_company import OWN, own_company

SECRET = secrets.token_hex(32)
DEMO = {"DEMO": "1", "SECRET_KEY": SECRET, "NOTICE_SECRET": SECRET, "INSTALLATION_ID": "demo-1a2b"}
REAL = {
    "SECRET_KEY": SECRET,
    "PUBLIC_URL": "https://portal.example.jp",
    "INSTALLATION_ID": "tokyo-1",
    "DATABASE_URL": "sqlite:////var/lib/portal/portal.db",
    "COMPANY_FOLDER": "/etc/portal/company",
    "TRUSTED_PROXIES": "1",
    "DATA_KEYS": SECRET,
}


def problem(environ: dict[str, str]) -> str:
    with pytest.raises(UnsafeSettings) as raised:
        settings_from(environ)
    return str(raised.value)


def test_real_use_needs_only_the_settings_in_the_readme():
    settings = settings_from(REAL)

    assert not settings.demo
    assert settings.is_https
    assert (settings.host, settings.port, settings.card_company) == ("127.0.0.1", 8000, None)


def test_all_missing_settings_are_named_on_one_line():
    text = problem({})

    assert all(name in text for name in ("SECRET_KEY", "PUBLIC_URL", "INSTALLATION_ID", "DATABASE_URL", "COMPANY_FOLDER"))
    assert "\n" not in text


@pytest.mark.parametrize("name", REAL)
def test_real_use_without_a_required_setting_is_refused(name):
    assert name in problem(REAL | {name: ""})


@pytest.mark.parametrize(
    "secret",
    ["short", SECRET[:31], "a" * 64, "ab" * 32, "change-me-change-me-change-me-1234567890", "your-secret-key-your-secret-key-0123"],
    ids=["short", "31 characters", "one key held down", "two keys", "from instructions", "from other instructions"],
)
def test_a_weak_secret_is_refused(secret):
    assert "SECRET_KEY" in problem(REAL | {"SECRET_KEY": secret})


@pytest.mark.parametrize(
    "address",
    ["http://portal.example.jp", "portal.example.jp", "https://", "https://portal.example.jp/sub", "https://u@portal.example.jp",
     "https://portal.example.jp?x=1", "https://portal.example.jp:port", "https://[::1"],
)  # fmt: skip
def test_a_public_address_must_be_https_with_a_host(address):
    assert "PUBLIC_URL" in problem(REAL | {"PUBLIC_URL": address})


def test_a_trailing_slash_of_the_public_address_is_ignored():
    assert settings_from(REAL | {"PUBLIC_URL": "https://portal.example.jp/"}).public_url == "https://portal.example.jp"


@pytest.mark.parametrize("url", ["portal.db", "mysql://host/portal", "sqlite://portal.db", "/var/lib/portal.db"])
def test_a_database_must_be_sqlite_or_postgresql(url):
    assert "DATABASE_URL" in problem(REAL | {"DATABASE_URL": url})


@pytest.mark.parametrize("name", ["ab", "Tokyo", "東京", "a b c", "-abc", "a" * 33])
def test_an_installation_name_must_be_plain(name):
    assert "INSTALLATION_ID" in problem(REAL | {"INSTALLATION_ID": name})


def test_the_fictitious_company_takes_no_real_money(tmp_path):
    copy = tmp_path / "company"
    copy.mkdir()
    (copy / "catalog.toml").write_bytes((sample_company() / "catalog.toml").read_bytes())

    assert "COMPANY_FOLDER" in problem(REAL | {"COMPANY_FOLDER": str(sample_company())})
    assert "COMPANY_FOLDER" in problem(REAL | {"COMPANY_FOLDER": str(copy)})


def test_an_own_company_is_accepted(tmp_path):
    assert settings_from(REAL | {"COMPANY_FOLDER": str(own_company(tmp_path / "company"))})


@pytest.mark.parametrize("sample", OWN)
def test_each_trace_of_the_sample_alone_refuses_an_edited_copy(tmp_path, sample):
    """It names the file, and the line on which it stands."""
    file = own_company(tmp_path / "company") / "catalog.toml"
    text = file.read_text().replace(OWN[sample], sample, 1)
    file.write_text(text)
    (line,) = [number for number, line in enumerate(text.splitlines(), start=1) if sample in line and not line.startswith("#")][:1]

    assert f"{file} {line}行目" in problem(REAL | {"COMPANY_FOLDER": str(tmp_path / "company")})


@pytest.mark.parametrize(
    ("own", "typed"),
    [
        ("かもめ銀行", "ﾃｽﾄ銀行"),
        ("kamome-tsushin.jp", "shop.example"),
        ("カ）カモメツウシン", "ｶ)ｻﾝﾌﾟﾙｻｰﾊﾞｰ"),
        ("092-711-1111", "０３-0000-0000"),
    ],
)
def test_another_notation_of_the_sample_is_the_sample(tmp_path, own, typed):
    file = own_company(tmp_path / "company") / "catalog.toml"
    file.write_text(file.read_text().replace(own, typed))

    assert "見本の会社" in problem(REAL | {"COMPANY_FOLDER": str(tmp_path / "company")})


def test_terms_that_name_the_sample_are_refused(tmp_path):
    file = own_company(tmp_path / "company") / "documents/server-terms-2026-04-01.html"
    file.write_text(file.read_text().replace("かもめサーバー", "かわせみサーバー", 1))

    assert f"{file} 2行目" in problem(REAL | {"COMPANY_FOLDER": str(tmp_path / "company")})


@pytest.mark.parametrize("keys", ["", ",", "short", "{SECRET},short", "{SECRET},change-me-change-me-change-me-1234567890"])
def test_each_key_of_the_data_must_be_strong(keys):
    assert "DATA_KEYS" in problem(REAL | {"DATA_KEYS": keys.format(SECRET=SECRET)})


def test_the_first_key_of_the_data_encrypts():
    assert settings_from(REAL | {"DATA_KEYS": f"{SECRET} ,{SECRET[::-1]}"}).data_keys == (SECRET, SECRET[::-1])


def test_the_number_of_proxies_must_be_said_in_real_use():
    settings = [settings_from(REAL | {"TRUSTED_PROXIES": number}).trusted_proxies for number in ("0", "2")]

    assert settings == [0, 2]
    assert "nginx が1台なら 1、直接受け付けるなら 0" in problem(REAL | {"TRUSTED_PROXIES": ""})


@pytest.mark.parametrize("company", ["sandbox", "Stripe", "Sandbox"])
def test_an_unknown_card_company_is_refused(company):
    assert "CARD_COMPANY" in problem(REAL | {"CARD_COMPANY": company, "NOTICE_SECRET": SECRET})


STRIPE = {"CARD_COMPANY": "stripe", "STRIPE_SECRET_KEY": f"sk_live_{SECRET}", "NOTICE_SECRET": f"whsec_{SECRET}"}


def test_stripe_needs_a_live_key_and_the_secret_of_its_webhook():
    settings = settings_from(REAL | STRIPE)

    assert (settings.card_company, settings.card_settings) == ("stripe", {"STRIPE_SECRET_KEY": f"sk_live_{SECRET}"})
    assert settings_from(REAL | STRIPE | {"STRIPE_SECRET_KEY": f"rk_live_{SECRET}"})
    assert SECRET not in repr(settings)


@pytest.mark.parametrize(
    "key",
    ["", f"sk_test_{SECRET}", f"pk_live_{SECRET}", "sk_live_short", f"sk_live_{SECRET}\n"],
    ids=["none", "for tests", "for browsers", "cut off", "with a line break"],
)
def test_another_key_of_stripe_is_refused_in_real_use(key):
    assert "STRIPE_SECRET_KEY" in problem(REAL | STRIPE | {"STRIPE_SECRET_KEY": key})


def test_a_secret_that_is_not_stripes_is_refused():
    assert "NOTICE_SECRET" in problem(REAL | STRIPE | {"NOTICE_SECRET": SECRET})


def test_a_demo_charges_no_real_card():
    assert "CARD_COMPANY" in problem(DEMO | STRIPE)
    assert "CARD_COMPANY" in problem(DEMO | {"CARD_COMPANY": "unknown"})


def test_a_demo_takes_a_test_key_of_stripe_and_its_own_card_company_then_is_stripe(tmp_path):
    settings = settings_from(DEMO | STRIPE | {"STRIPE_SECRET_KEY": f"sk_test_{SECRET}", "DATA_FOLDER": str(tmp_path)})
    companies, books = demo_companies(settings)
    books.close()

    assert (companies.card.name, companies.wallet.name) == ("stripe", "sandbox")


def test_a_demo_finds_everything_in_its_folder(tmp_path):
    settings = settings_from(DEMO | {"DATA_FOLDER": str(tmp_path), "PORT": "8123"})

    assert settings.database_url == f"sqlite:///{tmp_path}/portal.db"
    assert settings.public_url == "http://127.0.0.1:8123"
    assert settings.card_company == "sandbox"
    assert not settings.is_https


@pytest.mark.parametrize(
    ("name", "value"),
    [("SMTP_URL", "smtp://mail.example.jp"), ("HOST", "0.0.0.0"), ("CARD_COMPANY", "stripe"), ("SECRET_KEY", ""), ("NOTICE_SECRET", "")],
)
def test_a_demo_with_unsuitable_settings_is_refused(name, value):
    assert name in problem(DEMO | {name: value})


@pytest.mark.parametrize("value", ["yes", "true", "2", "１"])
def test_the_demo_setting_must_be_0_or_1(value):
    assert "DEMO" in problem(REAL | {"DEMO": value})


@pytest.mark.parametrize("value", ["0", "65536", "-1", "80a", "８０００", "1" * 5000, " 80"])
def test_a_port_must_be_a_valid_number(value):
    assert "PORT" in problem(REAL | {"PORT": value})


def test_secrets_are_not_shown_when_settings_are_printed():
    settings = settings_from(DEMO | {"DATABASE_URL": "postgresql://portal:hidden@host/portal"})

    assert SECRET not in repr(settings)
    assert "hidden" not in repr(settings)


def test_settings_cannot_be_changed():
    with pytest.raises(AttributeError):
        settings_from(REAL).demo = True


def test_a_folder_is_relative_to_the_working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert settings_from(DEMO | {"DATA_FOLDER": "here"}).data_folder == Path(tmp_path / "here").resolve()
