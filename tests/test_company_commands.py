"""`portal company new` and `portal catalog diff`, as an operator types them."""

import io
from datetime import date
from pathlib import Path

import pytest
import time_machine

from portal.catalog import load_catalog
from portal.catalog.identity import check_digit
from portal.cli import main
from portal.runtime.company_questions import QUESTIONS, option_of
from portal.runtime.sample_company import sample_company, traces_of_the_sample
from tests.keys import KEYS
from tests.purchase import Shop
from tests.routes.staff.test_commands import environment as environment

OWN = {
    "name": '株式会社 "かもめ" & 通信',
    "service_name": "かもめサーバー",
    "representative": "代表取締役　鴨目 花",
    "manager": "鴨目 太郎",
    "address": "〒810-0001 福岡県福岡市中央区天神1丁目1番1号",
    "phone": "092-711-1111",
    "email": "support@kamome-tsushin.jp",
    "url": "https://kamome-tsushin.jp/",
    "invoice_number": f"T{check_digit('123456789013')}123456789013",
    "bank": "かもめ銀行",
    "bank_code": "0177",
    "branch": "天神支店",
    "branch_code": "123",
    "kind": "普通",
    "number": "1234567",
    "holder": "カ）カモメツウシン",
}


def new(folder: Path, **others: str) -> int:
    return main(["company", "new", str(folder), *(word for key, value in (OWN | others).items() for word in (option_of(key), value))])


@pytest.fixture
def desk(environment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", KEYS[0])


def test_a_new_company_passes_the_check_and_has_nothing_of_the_sample(tmp_path: Path, capsys) -> None:
    folder = tmp_path / "kamome"

    assert new(folder) == 0

    company = load_catalog(folder).company
    assert (company.name, company.service_name, company.email) == (OWN["name"], OWN["service_name"], OWN["email"])
    assert load_catalog(folder).payouts is None
    assert traces_of_the_sample(folder) == []
    assert main(["check-catalog", str(folder)]) == 0
    assert new(folder) == 2
    assert "すでにあります" in capsys.readouterr().err


def test_what_is_missing_is_asked_at_a_terminal_alone(tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert main(["company", "new", str(tmp_path / "kamome")]) == 2
    assert "--service-name" in capsys.readouterr().err

    typed = io.StringIO("\n".join(["", *OWN.values()]) + "\n")
    typed.isatty = lambda: True
    monkeypatch.setattr("sys.stdin", typed)
    assert main(["company", "new", str(tmp_path / "kamome")]) == 0
    assert QUESTIONS["holder"] in capsys.readouterr().out


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"invoice_number": "T1"}, "invoice_number"),
        ({"email": "support@kawasemi.example.jp"}, "架空の見本"),
        ({"bank_code": "x"}, "bank_code"),
    ],
)
def test_a_wrong_answer_leaves_no_folder(tmp_path: Path, capsys, wrong: dict[str, str], said: str) -> None:
    assert new(tmp_path / "kamome", **wrong) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_an_edit_is_told_before_it_goes_live(desk, shop: Shop, tmp_path: Path, capsys) -> None:
    with time_machine.travel(date(2026, 11, 22)):
        shop.buy("mori")
        edited = tmp_path / "edited"
        edited.mkdir()
        (edited / "documents").symlink_to(sample_company() / "documents")
        text = (sample_company() / "catalog.toml").read_text(encoding="utf-8")
        (edited / "catalog.toml").write_text(text.replace("12 = 1_100", "12 = 1_200").replace("card_day = 5 ", "card_day = 6 "), "utf-8")

        assert main(["catalog", "diff", str(edited)]) == 0
        said = capsys.readouterr().out
        assert main(["catalog", "diff", str(sample_company())]) == 0

    assert "products[server].plans[standard].monthly_yen.12：1100 → 1200" in said
    assert "関係する契約中のアカウント：1件" in said
    assert "次の自動更新の金額が変わる：1件" in said
    assert "mori：2027-11-06：13,200円 → 14,400円" in said
    assert "関係する契約中のアカウント：0件" in capsys.readouterr().out


def test_one_customer_on_one_screen_without_secrets(desk, shop: Shop, capsys) -> None:
    with time_machine.travel(date(2026, 11, 22)):
        shop.buy("mori")
        shop.place_for_transfer(shop.draft("mori", "renew"))
        assert main(["account", "show", "mori"]) == 0
    said = capsys.readouterr().out

    for words in (
        "mori　見本 新 様",
        "スタンダードプラン　2027年11月30日",
        "自動更新あり",
        "Visa 下4桁 4242",
        "お預かりしている金額：0円",
        "入金の確認",
    ):
        assert words in said
    assert "銀行振込" in said.partition("支払われていない申し込み：")[2].partition("お預かり")[0]
    assert "hash" not in said
    assert main(["account", "show", "nobody"]) == 2


@pytest.fixture
def shop(catalog, books, companies) -> Shop:
    return Shop(catalog, books, companies.card)
