import re

import pytest

from portal.catalog import load_catalog


@pytest.mark.parametrize(
    ("old", "new", "where", "what"),
    [
        # keys
        ('name = "ライトプラン"', 'name = "ライトプラン"\nprise = 5', "products[1番目].plans[1番目].prise", "知らない項目"),
        ("tax_percent = 10", "tax_percent = 10\ncurrency = 'JPY'", "currency", "知らない項目"),
        ("card_day = 5", "", "renewal.card_day", "この項目がありません"),
        ('representative = "代表取締役　見本 花子"', "", "company.representative", "この項目がありません"),
        ("[[bank_accounts]]", "[[bank_account]]", "bank_account", "知らない項目"),
        ("tax_percent = 10", "", "tax_percent", "この項目がありません"),
        # text
        ('name = "ライトプラン"', 'name = " "', "products[1番目].plans[1番目].name", "空です"),
        ('name = "ライトプラン"', "name = 5", "products[1番目].plans[1番目].name", "文字を"),
        ('id = "light"', 'id = "ライト"', "products[1番目].plans[1番目].id", "半角"),
        ('email = "support@kawasemi.example.jp"', 'email = "support"', "company.email", '"support" は使えません'),
        ('url = "https://kawasemi.example.jp/"', 'url = "http://kawasemi.example.jp/"', "company.url", "https://"),
        ('phone = "03-0000-0000"', 'phone = "０３-0000-0000"', "company.phone", "半角"),
        ('features = ["容量 100GB"', 'features = ["", "容量 100GB"', "products[1番目].plans[1番目].features", "空の文字"),
        # prices
        ("12 = 1_100", "12 = 1_100.5", "products[1番目].plans[2番目].monthly_yen.12", "整数ではありません"),
        ("12 = 1_100", "12 = 1100.0", "products[1番目].plans[2番目].monthly_yen.12", "1100.0 は使えません"),
        ("12 = 1_100", '12 = "1,100円"', "products[1番目].plans[2番目].monthly_yen.12", "「円」"),
        ("12 = 1_100", '12 = "1100"', "products[1番目].plans[2番目].monthly_yen.12", '" や'),
        ("12 = 1_100", "12 = true", "products[1番目].plans[2番目].monthly_yen.12", "true は使えません"),
        ("12 = 1_100", "12 = -1_100", "products[1番目].plans[2番目].monthly_yen.12", "-1100 は使えません"),
        ("12 = 1_100", "12 = 0", "products[1番目].plans[2番目].monthly_yen.12", "0 は使えません"),
        ("12 = 1_100", "12 = 99_999_999", "products[1番目].plans[2番目].monthly_yen.12", "99999999 は使えません"),
        ("12 = 1_100", "12 = inf", "products[1番目].plans[2番目].monthly_yen.12", "整数ではありません"),
        ("yen = 11_000", "yen = 11_000.0", "products[2番目].variants[1番目].yen", "整数ではありません"),
        ("max_devices = 20", "max_devices = 0", "products[4番目].max_devices", "0 は使えません"),
        ("tax_percent = 10", "tax_percent = 0.1", "tax_percent", "整数ではありません"),
        # months
        ("12 = 1_100\n", "", "products[1番目].plans[2番目].monthly_yen.12", "12か月の価格がありません"),
        ("12 = 1_100\n", "12 = 1_100\n18 = 1_050\n", "products[1番目].plans[2番目].monthly_yen.18", "months"),
        ("12 = 1_100\n", "12 = 1_100\n012 = 1_050\n", "products[1番目].plans[2番目].monthly_yen.012", "months"),
        (
            "months = [1, 3, 6, 12, 24, 36]    #",
            "months = [1, 3, 6, 12, 24, 48]    #",
            "products[1番目].plans[1番目].monthly_yen.48",
            "価格がありません",
        ),
        ("months = [1, 3, 6, 12, 24, 36]    #", "months = [1, 1, 3, 6, 12, 24, 36]    #", "products[1番目].months", "2度"),
        ("months = [1, 3, 6, 12, 24, 36]    #", "months = []    #", "products[1番目].months", "1つ以上"),
        ("months = [1, 3, 6, 12, 24, 36]    #", "months = 12    #", "products[1番目].months", "[ ] で囲み"),
        ("months = [1, 3, 6, 12, 24, 36]    #", "months = [0, 1, 3, 6, 12, 24, 36]    #", "products[1番目].months", "0 は使えません"),
        ("[products.monthly_yen]", "[products.monthly_yens]", "products[3番目].monthly_yen", "この項目がありません"),
        ("[products.monthly_yen]", "monthly_yen = 5\n[zzz]", "products[3番目].monthly_yen", "見出しの表"),
        ("[[bank_accounts]]", "[bank_accounts]", "bank_accounts", "[[bank_accounts]]"),
        # ids
        ('id = "standard"', 'id = "light"', "products[1番目].plans[2番目].id", "2度"),
        ('id = "organization"', 'id = "quick"', "products[2番目].variants[2番目].id", "2度"),
        ('id = "ssl-terms"', 'id = "server-terms"', "documents[2番目].id", "2度"),
        # documents
        ('version = "2026-04-01"', 'version = "2026-04-02"', "documents[1番目].version", "server-terms-2026-04-02.html がありません"),
        ('version = "2026-04-01"', 'version = "../catalog"', "documents[1番目].version", '"../catalog" は使えません'),
        ('version = "2026-04-01"', "version = 2026-04-01", "documents[1番目].version", '" で囲んで'),
        ('version = "2026-04-01"', 'version = "2026-04-01"\nold_versions = ["2026-04-01"]', "documents[1番目].old_versions", "2度"),
        ('version = "2026-04-01"', 'version = "2026-04-01"\nold_versions = ["2020"]', "documents[1番目].old_versions", "がありません"),
        ('document = "ssl-terms"', 'document = "domain-terms"', "products[2番目].document", 'id = "domain-terms" の [[documents]]'),
        ('document = "ssl-terms"', "", "products[2番目].document", "この項目がありません"),
        ('document = "ssl-terms"', 'document = "server-terms"', "products[2番目].document", "サーバーの文書です"),
        # products
        ('kind = "option"', 'kind = "options"', "products[3番目].kind", "server、option、per_device、certificate のどれか"),
        ('kind = "option"', "", "products[3番目].kind", "この項目がありません"),
        ('kind = "option"', 'kind = "server"', "products[3番目].kind", "サーバーが2つあります"),
        ('kind = "option"', 'kind = "per_device"', "products[3番目].max_devices", "この項目がありません"),
        ('kind = "server"', 'kind = "certificate"', "products", "サーバーがありません"),
        ('id = "backup"', 'id = "ssl"', "products[3番目].id", "2度"),
        ('id = "backup"', 'id = "months"', "products[3番目].id", "名前が重なります（months）"),
        ('id = "backup"', 'id = "have"', "products[3番目].id", "名前が重なります（have）"),
        ('id = "backup"', 'id = "devices"', "products[4番目].id", "名前が重なります（devices）"),
        ("renews = false", "", "products[2番目].renews", "この項目がありません"),
        ("renews = false", 'renews = "false"', "products[2番目].renews", "true か false を、囲まずに"),
        ("renews = false", "renews = false\nwithdrawn = 1", "products[2番目].withdrawn", "true か false を、囲まずに"),
        ("renews = false", "renews = false\nwithdrwan = true", "products[2番目].withdrwan", "withdrawn の書き間違い"),
        ('id = "quick"', 'withdrawn = "yes"\nid = "quick"', "products[2番目].variants[1番目].withdrawn", "true か false を、囲まずに"),
        # numbers that others check
        ('invoice_number = "T7123456789012"', 'invoice_number = "T8123456789012"', "company.invoice_number", "検査数字"),
        ('invoice_number = "T7123456789012"', 'invoice_number = "7123456789012"', "company.invoice_number", "T と数字"),
        ('invoice_number_kind = "法人"', 'invoice_number_kind = "会社"', "company.invoice_number_kind", "法人、個人"),
        ('bank_code = "9999"', "bank_code = 9999", "bank_accounts[1番目].bank_code", "文字を"),
        ('number = "9000001"', 'number = "900001"', "bank_accounts[1番目].number", "7けた"),
        ('kind = "普通"', 'kind = "定期"', "bank_accounts[1番目].kind", "普通、当座、貯蓄"),
        # days
        ("closed_days = [2026-08-13,", 'closed_days = ["2026-08-13",', "closed_days", "囲まず"),
        ("closed_days = [2026-08-13,", "closed_days = [2026-08-13T00:00:00,", "closed_days", "囲まず"),
        ("card_day = 5", "card_day = 31", "renewal.card_day", "5から28まで"),
        ("wallet_days = [5, 10,", "wallet_days = [5, 7, 10,", "renewal.wallet_days", "5、10、15、20、25 の中から"),
        ("wallet_days = [5, 10,", "wallet_days = [10, 5,", "renewal.wallet_days", "小さい順"),
        ("wallet_days = [5, 10,", "wallet_days = [4, 10,", "renewal.wallet_days", "4 は使えません"),
        ("notice_days = [30, 7]", "notice_days = [7, 30]", "renewal.notice_days", "大きい順"),
        ("stopped_days = 14", "stopped_days = 7", "renewal.stopped_days", "8から90まで"),
    ],
)
def test_a_mistake_stops_the_start_and_says_where_and_what(folder, old, new, where, what):
    message = folder.stopped_by((old, new))

    mistake = next(said for said in re.split(r"\n  (?=\d)", message) if f" {where}\n" in said)
    assert what in mistake
    assert str(folder.path / "catalog.toml") in mistake


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("12 = 1_100\n", "12 = 1_100.5\n", "12 = 1_100.5"),
        ("12 = 550\n", "", "[products.plans.monthly_yen]"),
        ('email = "support@kawasemi.example.jp"', 'email = "x"', 'email = "x"'),
        ("max_devices = 20", "max_devices = 0", "max_devices"),
        ('title = "独自SSL特約"', 'titel = "独自SSL特約"', "titel"),
    ],
)
def test_a_mistake_names_its_line(folder, old, new, line):
    message = folder.stopped_by((old, new))

    assert f" {folder.line_of(line)}行目 " in message


def test_lines_are_found_after_a_text_of_several_lines(folder):
    long = 'refund_policy = """\n返金はありません。\n[plans]\nname = 1\n"""\n#'
    message = folder.stopped_by(("refund_policy = ", f"{long} "), ("12 = 550\n", "12 = 'x'\n"))

    assert f" {folder.line_of('12 = ' + chr(39))}行目 products[1番目].plans[1番目].monthly_yen.12" in message


def test_prices_may_stand_in_one_line(folder):
    table = "months = [1, 3, 6, 12, 24, 36]\n[products.monthly_yen]\n1 = 440\n3 = 418\n6 = 396\n12 = 330\n24 = 319\n36 = 308\n"
    line = "months = [1, 3, 6, 12, 24, 36]\nmonthly_yen = { 1 = 440, 3 = 418, 6 = 396, 12 = 330, 24 = 319, 36 = 308 }\n"
    folder.change((table, line))
    assert load_catalog(folder.path).product("backup").monthly_yen[36] == 308

    message = folder.stopped_by(("24 = 319, 36", "24 = 3.19, 36"))
    assert f" {folder.line_of('monthly_yen = {')}行目 products[3番目].monthly_yen.24" in message


def test_wrong_months_are_reported_once_and_not_again_at_every_price(folder):
    assert "誤りが1件" in folder.stopped_by(("months = [1, 3, 6, 12, 24, 36]    #", "months = 12    #"))


def test_a_table_without_prices_reports_each_missing_month(folder):
    prices = "[products.monthly_yen]\n1 = 440\n3 = 418\n6 = 396\n12 = 330\n24 = 319\n36 = 308\n"

    assert "誤りが6件" in folder.stopped_by((prices, "[products.monthly_yen]\n"))


def test_a_missing_table_is_reported_once_and_not_again_for_every_key(folder):
    assert "誤りが2件" in folder.stopped_by(("[products.monthly_yen]", "[products.monthly_yens]"))


def test_all_mistakes_are_reported_at_once(folder):
    message = folder.stopped_by(
        ("tax_percent = 10", "tax_percent = 100"), ("card_day = 5", "card_dai = 5"), ("max_devices = 20", "max_devices = 20.0")
    )

    assert "誤りが4件" in message
    assert all(f"  {number}. " in message for number in (1, 2, 3, 4))
    assert "card_day の書き間違いではありませんか" in message
    assert all(key in message for key in ("tax_percent", "renewal.card_day", "renewal.card_dai", "products[4番目].max_devices"))
