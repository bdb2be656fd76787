"""A page of the world as the gallery shows it: its links lead to other states, its buttons to a page that says that nothing happens."""

import re
from collections.abc import Callable
from html import escape, unescape

INDEX = "/demo/states"
NOWHERE = f"{INDEX}/nowhere"
_LEFT_OUT = re.compile(
    r'<input type="hidden"[^>]*>\n?'  # the tokens of the world's sessions
    r'|<script defer src="[^"]*/(?:portal|htmx\.min)\.js"[^>]*></script>\n?'  # they would ask the living portal
    r'|<img src="[^"]*forget[^"]*"[^>]*>\n?'
    r"""|\sdata-hx-[\w-]+=(?:"[^"]*"|'[^']*')"""
)
_FORM = re.compile(r"<form\b[^>]*>")
_ACTION = re.compile(r'\s(?:method|action)="[^"]*"')
_LINK = re.compile(r'(<a\b[^>]*?\shref=")([^"#][^"]*)(")')
_TOP = re.compile(r'<body[^>]*>\n?(?:<a class="skip"[^>]*>.*?</a>\n?)?|(?=<main\b)')  # the shortest page has no <body>


def printed(html: str, *, state: str, name: str, site: str, leads_to: Callable[[str], str | None]) -> str:
    """`site`: what stands before the world's addresses in mails. `leads_to`: the state that an address of the world is shown by."""
    html = _FORM.sub(lambda form: _ACTION.sub("", form[0])[:-1] + f' method="get" action="{NOWHERE}">', _LEFT_OUT.sub("", html))
    html = _LINK.sub(lambda link: link[1] + _address(unescape(link[2]).removeprefix(site), leads_to) + link[3], html)
    return _TOP.sub(lambda top: top[0] + _notice(state, name), html, count=1)


def _address(address: str, leads_to: Callable[[str], str | None]) -> str:
    if not address.startswith(("/", "?")):
        return escape(address)
    state = leads_to(address)
    return f"{INDEX}/{state}" if state else NOWHERE


def _notice(state: str, name: str) -> str:
    return (
        f'<aside class="panel foot noprint" aria-label="見本の画面"><p>見本の画面：<b>{escape(name)}</b>　'
        f'ボタンを押しても、何も起きません。　<a href="{INDEX}#{state}">状態の一覧へ</a></p></aside>\n'
    )
