"""The one-time code with which a payment company sends back the browser that finished at its page. A sign-in on the way keeps it."""

import re

from flask import request

CODE = r"[A-Za-z0-9_-]{1,128}"


def return_code() -> str:
    """Empty if this address has none, or something that no company draws."""
    code = request.args.get("code", "")
    return code if re.fullmatch(CODE, code) else ""


def with_return_code(page: str) -> str:
    """`page`, where the sign-in leads, with the code if it is the very page that was asked for."""
    is_this_page = request.method == "GET" and page == request.path
    return f"{page}?code={return_code()}" if is_this_page and return_code() else page
