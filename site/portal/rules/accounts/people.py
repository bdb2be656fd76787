"""Logins and names of customers and staff: why one cannot be used, in Japanese; None if it can."""

LONGEST_LOGIN = 48  # the history's actor column has 64 characters
LONGEST_NAME = 255


def why_no_login(login: str) -> str | None:
    is_usable = login.isascii() and login.replace("-", "").replace("_", "").isalnum() and len(login) <= LONGEST_LOGIN
    return None if is_usable else "ログインIDは48文字までの半角英数字と - _ で指定してください。"


def why_no_name(name: str) -> str | None:
    if not name.strip() or any(not character.isprintable() for character in name.replace("\u3000", " ")):
        return "お名前は改行などを含まない文字で指定してください。"
    return None if len(name) <= LONGEST_NAME else f"お名前は{LONGEST_NAME}文字までで指定してください。"
