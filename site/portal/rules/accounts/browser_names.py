"""Turns a User-Agent into a known browser name. The header is untrusted and could contain a link."""

BROWSERS = {
    "Edg": "Microsoft Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Google Chrome",
    "Chrome": "Google Chrome",
    "Safari": "Safari",
    "w3m": "w3m",
    "edbrowse": "edbrowse",
    "Lynx": "Lynx",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "CrOS": "ChromeOS",
    "Macintosh": "Mac",
    "Linux": "Linux",
}


def browser_name(user_agent: str) -> str:
    """`Mozilla/5.0 (Windows NT 10.0…) … Firefox/140.0` -> Firefox（Windows）"""
    browser, system = _first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)
    return f"{browser or '名前の分からないブラウザー'}{f'（{system}）' if system else ''}"


def _first(names: dict[str, str], user_agent: str) -> str | None:
    return next((name for mark, name in names.items() if mark in user_agent), None)
