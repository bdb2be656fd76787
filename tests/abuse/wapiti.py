"""The scanner wapiti against a demo of this machine, without a sign-in, as a customer and as staff; about fifteen minutes.

WAPITI may name the program (`python3 -m venv X && X/bin/pip install wapiti3`, in an environment of its own). Its modules that make a server
call somebody outside, and its lists of other people's programs, are left out. Ends with 1 if it reports anything.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pyotp

from tests.browser import Browser
from tests.races.test_killed_server import over_http
from tests.real.server import Server

MODULES = "backup,cookieflags,crlf,csp,exec,file,htaccess,http_headers,methods,permanentxss,redirect,sql,timesql,upload,xss"
# left out: `ldap` and `csrf` compare pages and take every difference, or an outdated token, for a finding (CSRF tokens: tokens.py)
EXPECTED = {
    "Secure Flag cookie": "a demo has no TLS; in real use the cookies are __Host- and Secure",
    "HttpOnly Flag cookie": "scripts may read `me`, which opens nothing",
    "Clickjacking Protection": "frame-ancestors of the Content-Security-Policy, in place of X-Frame-Options",
}
LEFT_OUT = (
    "/logout",
    "/staff/logout",
    "/demo",
    "/demo/*",
    "/staff/demo/*",
    "/sandbox/*",
    "/static/*",
    "/account/password",
    "/account/sessions*",
)
SCAN_SECONDS, ATTACK_SECONDS = 60, 30


def main() -> int:
    program = os.environ.get("WAPITI") or shutil.which("wapiti")
    if not program:
        print("left out: wapiti is not installed; name it in WAPITI")
        return 0
    found = []
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "demo").start()
        try:
            for who, browser in visitors(server):
                reports = scan(program, server.url, cookie_of(browser), Path(folder) / who)
                print(f"{who}: {len(browser.traffic)} steps to sign in, {len(reports)} reports", flush=True)
                found += [f"{who}: {report}" for report in reports]
            found += [trouble[:2000] for trouble in server.said().split("request failed")[1:]]
        finally:
            server.stop()
    print("\n".join(found) or "wapiti reports nothing")
    return 1 if found else 0


def visitors(server: Server) -> list[tuple[str, Browser]]:
    totp = server.add_staff("scanned")
    nobody, customer, staff = (Browser(over_http(server.port), server.url) for _ in range(3))
    nobody.visit("/login")
    customer.sign_in("auto")
    return [("nobody", nobody), ("customer", customer), ("staff", enter(staff, totp))]


def enter(browser: Browser, totp: pyotp.TOTP) -> Browser:
    browser.visit("/staff/login").fill("ログインID", "scanned").fill("パスワード", "demo-pass").press("次へ")
    return browser.fill("確認コード", totp.now()).press("ログイン")


def cookie_of(browser: Browser) -> str:
    return "; ".join(f"{cookie.key}={cookie.value}" for cookie in browser.client._cookies.values())


def scan(program: str, url: str, cookies: str, folder: Path) -> list[str]:
    """What wapiti calls a vulnerability or an anomaly, one line each."""
    command = [program, "-u", f"{url}/", "-m", MODULES, "-C", cookies, "--scope", "domain", "-f", "json", "-o", f"{folder}.json"]
    command += [
        "--flush-session",
        "--store-session",
        f"{folder}.session",
        "--store-config",
        f"{folder}.config",
        "--no-bugreport",
        "-v",
        "0",
    ]
    command += ["--max-scan-time", str(SCAN_SECONDS), "--max-attack-time", str(ATTACK_SECONDS), "--tasks", "4"]
    for address in (*LEFT_OUT, "/staff/*" if folder.name == "customer" else "/contract/status"):
        command += ["-x", url + address]
    if folder.name == "staff":
        command += ["-s", f"{url}/staff/"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=len(MODULES.split(",")) * ATTACK_SECONDS + SCAN_SECONDS + 120)
    report = json.loads(Path(f"{folder}.json").read_text("utf-8"))
    print(f"{folder.name}: {report['infos'].get('crawled_pages_nbr')} pages crawled", flush=True)
    kinds = report["vulnerabilities"] | report["anomalies"]
    return [
        f"{kind}: {each['method']} {each['path']} {each['parameter']}: {each['info']}"
        for kind, all_ in kinds.items()
        if kind not in EXPECTED
        for each in all_
    ]


if __name__ == "__main__":
    sys.exit(main())
