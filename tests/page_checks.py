"""Checks for every page: each function lists the faults of its kind."""

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

import html5lib
from bs4 import BeautifulSoup, Tag

from tests.page import FIELD, Page, controls_of, is_disabled, labels, names, owner_of, squeeze, tags_of, words

UNLABELLED = ("hidden", "submit", "button", "reset", "image")
HTMX = frozenset(("get", "post", "trigger", "target", "swap", "swap-oob", "include", "vals", "sync"))  # what our build of it knows
HTMX_TRIGGER = re.compile(r"[a-z]+( delay:[\d.]+m?s)?(, [a-z]+)*")
HTMX_SWAP = re.compile(r"outerHTML|outerMorph|innerHTML(:#\w+)?")
ADDRESSES = frozenset(("src", "href", "action", "srcset", "data-hx-get", "data-hx-post"))
POINTERS = ("aria-describedby", "aria-labelledby", "aria-controls", "aria-details", "aria-errormessage", "aria-owns", "list", "form")
ENUMS = "ProductKind|Method|OrderKind|OrderState|PaymentState|EntryState|MoneyStatus"
LEAKED = re.compile(rf"\bNone\b|\b(?:{ENUMS})\.[A-Z]+|<[\w.]+ object at", re.ASCII)


def page_faults(page: Page, *, url: str, csrf: bool = True) -> list[str]:
    """Every fault of a whole page. `csrf`: posting forms must carry the token (a company's own pages may do otherwise)."""
    soup = page.soup
    return [*_invalid(page.errors), *_frame(soup), *leaked(soup), *part_faults(soup, url=url, csrf=csrf)]


def part_faults(soup: BeautifulSoup, *, url: str, csrf: bool = True) -> list[str]:
    """The faults that a part of a page can have as well, once it stands in its page."""
    return [
        *_ids(soup),
        *_forms(soup, csrf),
        *_labels(soup),
        *_choices(soup),
        *_htmx(soup),
        *_inline(soup),
        *_addresses(soup, url),
    ]


def parse_faults(html: str) -> list[str]:
    """Of a fragment, as it is read inside a page."""
    parser = html5lib.HTMLParser()
    parser.parseFragment(html)
    return _invalid(parser.errors)


def _invalid(errors: list) -> list[str]:
    return [f"not valid HTML: {code} {details or ''} in line {line}" for (line, _), code, details in errors]


def header_faults(headers: Mapping[str, str]) -> Iterator[str]:
    policy = directives(headers.get("Content-Security-Policy", ""))
    for name in ("frame-ancestors", "base-uri", "object-src" if policy.get("default-src") == ["'self'"] else "default-src"):
        if policy.get(name) != ["'none'"]:
            yield f"header Content-Security-Policy has no {name} 'none'"
    if not policy.get("form-action"):
        yield "header Content-Security-Policy has no form-action"
    if any("unsafe" in word for sources in policy.values() for word in sources):
        yield "header Content-Security-Policy allows something unsafe"
    if headers.get("X-Content-Type-Options") != "nosniff":
        yield "no header X-Content-Type-Options: nosniff"
    if headers.get("Referrer-Policy") not in ("same-origin", "no-referrer"):
        yield f"header Referrer-Policy is {headers.get('Referrer-Policy')}, neither same-origin nor no-referrer"
    if "Access-Control-Allow-Origin" in headers:
        yield "header Access-Control-Allow-Origin lets other sites read this"
    is_for_a_program = headers.get("Content-Type") == "text/csv; charset=shift_jis"  # accounting software reads no other
    if headers.get("Content-Type", "").startswith("text/") and "charset=utf-8" not in headers["Content-Type"] and not is_for_a_program:
        yield f"Content-Type is {headers['Content-Type']}, without its charset"


def cookie_faults(lines: Iterable[str], *, is_https: bool) -> Iterator[str]:
    """Of Set-Cookie: what other sites, scripts and other hosts of the domain could do with it."""
    for line in lines:
        (name, _, _), *options = (part.strip().partition("=") for part in line.split(";"))
        given = {option.lower(): value for option, _, value in options}
        if "samesite" not in given or "domain" in given:
            yield f"the cookie {name} has no SameSite, or a Domain"
        if "httponly" not in given and not name.endswith("me"):
            yield f"scripts can read the cookie {name}"
        prefix = "__Host-" if given.get("path") == "/" else "__Secure-"
        if is_https and not ("secure" in given and name.startswith(prefix)):
            yield f"the cookie {name} is not Secure, or has no prefix {prefix}"


def style_faults(soup: BeautifulSoup, headers: Mapping[str, str]) -> Iterator[str]:
    allowed = directives(headers.get("Content-Security-Policy", "")).get("style-src", [])
    for style in soup.find_all("style"):
        digest = base64.b64encode(hashlib.sha256("".join(style.contents).encode()).digest()).decode()
        if f"'sha256-{digest}'" not in allowed:
            yield f"the Content-Security-Policy does not allow the page's <style>: its hash is sha256-{digest}"


def directives(policy: str) -> dict[str, list[str]]:
    parts = [part.split() for part in policy.split(";") if part.strip()]
    return {name: sources for name, *sources in parts}


def _frame(soup: BeautifulSoup) -> Iterator[str]:
    if soup.html.get("lang") != "ja":
        yield f"lang is {soup.html.get('lang')}, not ja"
    viewport = soup.find("meta", attrs={"name": "viewport"})
    if viewport is None or "width=device-width" not in viewport["content"] or re.search("user-scalable|maximum-scale", viewport["content"]):
        yield "no viewport of the device's width, or one that forbids zooming"
    headings = soup.find_all("h1")
    if len(headings) != 1:
        yield f"{len(headings)} h1 instead of one"
    title = squeeze(soup.title.get_text() if soup.title else "").removeprefix("エラー：")
    if headings and not (title and squeeze(words(headings[0])) and title.startswith(squeeze(words(headings[0])))):
        yield f"the title 「{title}」 does not begin with the heading 「{words(headings[0])}」"
    if sum(tag.has_attr("autofocus") for tag in tags_of(soup)) > 1:
        yield "several elements want the focus"
    if soup.find("main") is None:
        yield "no <main>"


def leaked(soup: BeautifulSoup) -> Iterator[str]:
    """Words of the program that no customer should read."""
    for found in LEAKED.findall(words(soup)):
        yield f"the page says 「{found}」, a word of the program"


def _ids(soup: BeautifulSoup) -> Iterator[str]:
    tags = list(tags_of(soup))
    counted = Counter(tag["id"] for tag in tags if tag.has_attr("id"))
    for id_, times in counted.items():
        if times > 1 or not id_ or re.search(r"\s", id_):
            yield f"id '{id_}' stands there {times} times, or is not a word"
    pointers = [(attribute, id_) for attribute in POINTERS for tag in tags for id_ in tag.get(attribute, "").split()]
    pointers += [("for", tag["for"]) for tag in tags if tag.name in ("label", "output") and tag.has_attr("for")]
    pointers += [("href", tag["href"][1:]) for tag in tags if tag.name == "a" and tag.get("href", "").startswith("#")]
    for attribute, id_ in pointers:
        if id_ not in counted:
            yield f"{attribute} points to id '{id_}', which is not on the page"


def _forms(soup: BeautifulSoup, csrf: bool) -> Iterator[str]:
    for form in tags_of(soup, "form"):
        name = f"the form to '{form.get('action')}'"
        method = form.get("method", "").lower()
        if not form.get("action") or method not in ("get", "post"):
            yield f"{name} has no action or no method"
        controls = controls_of(form, soup)
        tokens = [control for control in controls if control.get("name") == "csrf_token" and control.get("value")]
        if csrf and method == "post" and len(tokens) != 1:
            yield f"{name} has {len(tokens)} CSRF tokens"
        if method == "get" and tokens:
            yield f"{name} would put the CSRF token into the address"
        if not form.has_attr("novalidate") and any(_is_checked_by_browsers(tag) for tag in tags_of(form)):
            yield f"{name} has no novalidate"
        if not any(control.name == "button" or control.get("type") in ("submit", "image") for control in controls):
            yield f"{name} has no button"


def _is_checked_by_browsers(tag: Tag) -> bool:
    return tag.has_attr("required") or tag.has_attr("pattern") or tag.get("type") in ("email", "url", "number")


def _labels(soup: BeautifulSoup) -> Iterator[str]:
    for control in tags_of(soup, *FIELD):
        if control.get("type") not in UNLABELLED and not any(squeeze(name) for name in names(control, soup)):
            yield f"the field '{control.get('name')}' has no label"
        if len(labels(control, soup)) > 1:
            yield f"the field '{control.get('name')}' has several labels"
        if owner_of(control, soup) is None:
            yield f"the field '{control.get('name')}' belongs to no form"
    for element in tags_of(soup, "button", "input", "a"):
        is_pressed = element.name == "button" or element.get("type") == "submit" or element.has_attr("href")
        images = (image.get("alt", "") for image in tags_of(element, "img"))
        if is_pressed and not any(squeeze(name) for name in [words(element), *names(element, soup), *images]):
            yield f"a button or link without words: {str(element)[:120]}"
    for image in tags_of(soup, "img"):
        if not image.has_attr("alt"):
            yield f"the image {image.get('src')} has no alt"


def _choices(soup: BeautifulSoup) -> Iterator[str]:
    for fieldset in tags_of(soup, "fieldset"):
        if not squeeze(words(fieldset.legend) if fieldset.legend else "") or fieldset.legend.parent is not fieldset:
            yield f"the fieldset '{fieldset.get('id', '')}' has no legend: {words(fieldset, ' ')[:60]}"
    groups: dict[tuple[int, str], list[Tag]] = {}
    for radio in (tag for tag in tags_of(soup, "input") if tag.get("type") == "radio"):
        groups.setdefault((id(owner_of(radio, soup)), radio.get("name", "")), []).append(radio)
    for (_, name), radios in groups.items():
        if sum(radio.has_attr("checked") for radio in radios) != 1:
            yield f"the radios '{name}' do not have exactly one checked"
        if any(is_disabled(radio) for radio in radios if radio.has_attr("checked")):
            yield f"the checked radio of '{name}' is disabled"
    for select in tags_of(soup, "select"):
        if not select.has_attr("multiple") and sum(option.has_attr("selected") for option in tags_of(select, "option")) != 1:
            yield f"the select '{select.get('name')}' does not have exactly one selected option"


def _htmx(soup: BeautifulSoup) -> Iterator[str]:
    for tag in tags_of(soup):
        short = {name.removeprefix("data-hx-") for name in tag.attrs if name.startswith("data-hx-")}
        yield from (f"<{tag.name} {name}> is not valid HTML: write data-{name}" for name in tag.attrs if name.startswith("hx-"))
        yield from (f"<{tag.name}> uses data-hx-{name}, which our htmx does not know" for name in short - HTMX)
        if short & {"get", "post"} and not {"target", "swap"} <= short:
            yield f"<{tag.name} id='{tag.get('id')}'> asks by htmx without a target and a swap of its own"
        if "get" in short and tag.name == "form":
            yield "data-hx-get on a form puts the CSRF token into the address"
        for name, known in (("trigger", HTMX_TRIGGER), ("swap", HTMX_SWAP), ("swap-oob", HTMX_SWAP)):
            if name in short and not known.fullmatch(tag[f"data-hx-{name}"]):
                yield f"data-hx-{name} '{tag[f'data-hx-{name}']}' is not understood by our htmx"
        for attribute in ("data-hx-target", "data-hx-include"):
            for selector in filter(None, (part.strip() for part in tag.get(attribute, "").split(","))):
                if selector != "this" and not soup.select_one(selector):
                    yield f"{attribute} '{selector}' is not on the page"
    for config in tags_of(soup, "meta"):
        if config.get("name") == "htmx-config":
            json.loads(config["content"])


def _inline(soup: BeautifulSoup) -> Iterator[str]:
    for tag in tags_of(soup):
        yield from (f"<{tag.name} {name}>: an inline event handler" for name in tag.attrs if name.startswith("on"))
        if tag.has_attr("style"):
            yield f"<{tag.name} style='{tag['style']}'>: an inline style"
        if tag.get("tabindex", "0") not in ("0", "-1"):
            yield f"<{tag.name} tabindex={tag['tabindex']}> changes the order of the keyboard"
    yield from ("a script inside the page" for script in tags_of(soup, "script") if not script.get("src"))


def _addresses(soup: BeautifulSoup, url: str) -> Iterator[str]:
    for tag in tags_of(soup):
        for attribute in ADDRESSES.intersection(tag.attrs):
            address = tag[attribute]
            if urlsplit(address).netloc not in ("", urlsplit(url).netloc):
                yield f"<{tag.name} {attribute}='{address}'> leads to another host"
            if address.lower().lstrip().startswith("javascript:") or (attribute in ("src", "href") and not address):
                yield f"<{tag.name} {attribute}='{address}'> leads nowhere without JavaScript"
        if tag.has_attr("formaction"):
            yield "formaction is unknown to old browsers"
