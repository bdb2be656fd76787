"""Every template compiles; every page has a title and a main part; buttons are named as the guide names them."""

import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment, FileSystemLoader, meta, nodes

from portal.demo.wsgi import WORDS
from portal.rules.renewals.contract_state import ContractState
from portal.runtime.folders import asset_folder
from portal.sandbox.app import create_sandbox
from portal.sandbox.books import Books

ENVIRONMENT = Environment(loader=FileSystemLoader(asset_folder("templates")), autoescape=True)
HTML = sorted(name for name in ENVIRONMENT.list_templates() if name.endswith(".html"))
FRAGMENTS = [name for name in HTML if Path(name).name.startswith("_")]
LAYOUTS = [name for name in HTML if name.endswith("layout.html")]
WITHOUT_LAYOUT = {
    "errors/host.html",
    "demo/until_filled.html",
    "fragment.html",
    "documents/paper_file.html",
}  # nothing of the portal is around these
PARTS = ("components/", "mail/")
# These wear the look of the company, or of the area, that they speak for.
COMPUTED = {"sandbox/error.html": "sandbox/card_layout.html", "errors/error.html": "staff/layout.html"}
# These stand in the layout, or in `_main.html` where they take the place of an open page's <main>.
COMPUTED |= dict.fromkeys(("renewals/contract.html", "renewals/panel.html", "orders/show.html", "errors/moved_on.html"), "layout.html")

# What customers know from the company's guide.
BUTTONS = {
    "orders/edit.html": ["金額を再計算する", "お支払い方法選択へ"],
    "orders/_panel.html": ["クレジットカード情報入力", "お支払い"],
    "payments/wallet_amount.html": ["おさいぽ!ポイントから支払う"],
    "renewals/_ways.html": ["お支払い情報をメールで再送する"],
    "sandbox/wallet_id.html": ["おさいぽ!IDを認証する"],
    "sandbox/wallet_password.html": ["ログイン"],
    "sandbox/wallet_confirmation.html": ["OK"],
    "sandbox/card.html": ["送信する"],
    "sandbox/authentication.html": ["認証する", "認証しない"],
    "accounts/sign_in.html": ["ログイン"],
}
LINKS = {
    "renewals/panel.html": ["サーバー契約・更新"],
    "renewals/_renewal.html": ["支払い方法をリセットする"],
    "payments/_status.html": ["振り込みました", "お支払い手続きへ"],
    "renewals/_ways.html": ["振り込みました", "お申し込みを取り消す"],
}


def source(name: str) -> str:
    return ENVIRONMENT.loader.get_source(ENVIRONMENT, name)[0]


def tree(name: str) -> nodes.Template:
    return ENVIRONMENT.parse(source(name))


def is_page(name: str) -> bool:
    return name not in FRAGMENTS and name not in LAYOUTS and name not in WITHOUT_LAYOUT and not name.startswith(PARTS)


def chain(name: str) -> list[str]:
    """The template and the layouts that it stands in, the outermost last."""
    extends = [getattr(node.template, "value", COMPUTED.get(name)) for node in tree(name).find_all(nodes.Extends)]
    return [name, *(chain(extends[0]) if extends else [])]


PORTAL = [name for name in HTML if not name.startswith("sandbox/")]
SANDBOX = [name for name in HTML if name.startswith("sandbox/")]


def test_every_template_compiles_as_the_portal_compiles_it(app: Flask) -> None:
    for name in PORTAL:
        assert app.jinja_env.get_template(name)


def test_every_sandbox_template_compiles_as_the_sandbox_does(books: Books) -> None:
    sandbox = create_sandbox(books, secret_key="x" * 32)
    for name in SANDBOX:
        assert sandbox.jinja_env.get_template(name)


def test_every_page_has_a_title_and_a_main_part() -> None:
    for name in filter(is_page, HTML):
        blocks = [block for each in chain(name) for block in tree(each).find_all(nodes.Block)]
        given = {block.name for block in blocks if not block.required}

        assert chain(name)[-1] == ("sandbox/layout.html" if name in SANDBOX else "layout.html"), name
        assert {"title", "main"} <= given, name
        assert {block.name for block in blocks if block.required} <= given, name


@pytest.mark.parametrize("name", ["layout.html", "sandbox/layout.html"])
def test_a_layout_requires_title_and_main_of_every_page(name: str) -> None:
    required = {block.name for block in tree(name).find_all(nodes.Block) if block.required}

    assert {"title", "main"} <= required


def test_a_fragment_is_one_section_that_carries_the_name_of_its_file() -> None:
    for name in (name for name in FRAGMENTS if "<section" in source(name)):
        ids = re.findall(r'<section id="([^"]+)"', source(name))

        assert ids in ([Path(name).stem.removeprefix("_")], ["{{ root }}"]), name
        assert not list(tree(name).find_all(nodes.Extends)), name


@pytest.mark.parametrize(("name", "labels"), BUTTONS.items(), ids=BUTTONS)
def test_buttons_are_named_exactly_as_the_guide_names_them(name: str, labels: list[str]) -> None:
    found = re.findall(r"<button[^>]*>([^<]*)</button>", source(name))

    assert set(labels) <= set(found)


@pytest.mark.parametrize(("name", "labels"), LINKS.items(), ids=LINKS)
def test_links_are_named_exactly_as_the_guide_names_them(name: str, labels: list[str]) -> None:
    found = re.findall(r"<a [^>]*>([^<]*)</a>", source(name))

    assert set(labels) <= set(found)


def test_the_status_card_has_words_for_each_state() -> None:
    found = [macro.name for macro in tree("components/card_words.html").find_all(nodes.Macro)]

    assert set(ContractState) <= set(found)
    assert len(found) == len(set(found))


def test_the_final_button_says_ok_and_what_it_does() -> None:
    (found,) = re.findall(r"<button class=\"main\">([^<]*)</button>", source("orders/confirm.html"))

    assert found.startswith("OK（この内容で申し込み、{{ offer.quote.total_yen|yen }}を")
    assert found.endswith("支払う）")


FORMATS = re.compile(r"strftime|isoformat\(|\{:,\}|format\(")
STATES = re.compile(r"""["'](draft|placed|cancelled|expired|created|submitted|unknown|succeeded|declined|abandoned|used)["']""")


TYPED = re.compile(r"""(?:value="\{\{ |hint="例：" ~ )[\w.]+\|short_date""")
PLAIN_DATE = re.compile(r"\|short_date|\.(?:year|month)\b|[年月]\{\{")


def test_every_date_on_a_page_is_a_time_element() -> None:
    """`time_tag` and its siblings are the only filters for it; a date that is typed into a field is the one exception."""
    assert [name for name in PORTAL if PLAIN_DATE.search(TYPED.sub("", source(name)))] == []


def test_the_plain_filters_for_dates_are_not_there_on_pages(app: Flask) -> None:
    assert not {"date_ja", "moment_ja"} & set(app.jinja_env.filters)


@pytest.mark.parametrize("text", ["{{ day|short_date }}", "{{ day.month }}月{{ day.day }}日", '<p title="{{ day|short_date }}">'])
def test_negative_control_a_date_without_its_element_is_found(text: str) -> None:
    assert PLAIN_DATE.search(TYPED.sub("", text))


@pytest.mark.parametrize(("what", "pattern"), [("money or a date", FORMATS), ("a state", STATES)])
def test_no_template_contains_a_forbidden_pattern(what: str, pattern: re.Pattern[str]) -> None:
    assert [name for name in PORTAL if pattern.search(source(name))] == [], f"these spell out {what}"


@pytest.mark.parametrize(("pattern", "text"), [(FORMATS, "{{ day.strftime('%Y') }}"), (STATES, "{% if order.state == 'placed' %}")])
def test_negative_control_a_forbidden_pattern_is_found(pattern: re.Pattern[str], text: str) -> None:
    assert pattern.search(text)


IMPORTED = re.compile(r'{%-? (?:import|from) "([^"]+)"')
WITH_CONTEXT = re.compile(r"(?:import|from) [^%]*with context")


def read_from_outside(app: Flask, text: str) -> set[str]:
    """What macros take from the page around them, which they do not see."""
    return meta.find_undeclared_variables(app.jinja_env.parse(text)) - set(app.jinja_env.globals)


def test_macros_use_what_they_are_given_and_the_words_of_every_template(app: Flask) -> None:
    """So a file of macros is run once, not for every page."""
    pages = [name for name in HTML if not name.startswith("sandbox/")]
    imported = {macros for name in pages for macros in IMPORTED.findall(source(name))}
    demo = set(WORDS)
    assert "components/fields.html" in imported
    assert {name: found for name in sorted(imported) if (found := read_from_outside(app, source(name)) - demo)} == {}
    assert [name for name in pages if WITH_CONTEXT.search(source(name))] == []


def test_negative_control_a_macro_that_reads_the_page_is_found(app: Flask) -> None:
    assert read_from_outside(app, "{% macro a(b) %}{{ b }}{% if order is defined %}{{ company.name }}{% endif %}{% endmacro %}") == {
        "order"
    }


def test_how_long_a_session_lasts_is_a_value_of_the_rule_that_ends_it() -> None:
    written = re.compile(r"\d+(?:分|時間)[^。]{0,12}(?:操作|ログイン|ログアウト)")

    assert [name for name in PORTAL if written.search(source(name))] == []


ASKING = re.compile(r"<[^<>]*data-hx-(?:get|post)=[^<>]*>")


def test_whatever_asks_for_a_fragment_can_ask_again_when_the_line_was_down() -> None:
    """static/portal.js tells the failure, on screen and by voice, and sends the event `again`. It needs a target to write into."""
    asking = [tag for name in PORTAL for tag in ASKING.findall(source(name))]

    assert len(asking) >= 3
    assert [tag for tag in asking if not re.search(r'data-hx-trigger="[^"]*\bagain"', tag) or "data-hx-target=" not in tag] == []


def test_every_second_look_of_staff_lists_what_running_the_action_does() -> None:
    """It cannot be written beside the action: see portal.actions.staff.consequences."""
    looks = [name for name in HTML if name.startswith("staff/") and name.endswith("/_look.html")]

    assert looks
    assert [name for name in looks if "{{ consequence.list(consequences) }}" not in source(name)] == []


RUN_TOGETHER = re.compile(r"</(?:a|button)>(?: |\n)<(?:a|button)\b[^>]*>")


def test_controls_side_by_side_stand_apart_in_text_browsers_too() -> None:
    """w3m drops a space between two Japanese words, and the two controls become one word: an ideographic space stands between them."""
    assert [(name, RUN_TOGETHER.findall(source(name))) for name in HTML if RUN_TOGETHER.search(source(name))] == []
