"""What nobody should type, and machines do: values of a field, whole bodies, values of a header, events of a company."""

FORM = "application/x-www-form-urlencoded"
LONE_SURROGATE = "\ud800"  # sent as the bytes ED A0 80, which are no UTF-8

CHARACTERS = ("\0", "a\0b", "\r\nSet-Cookie: x=1", "\n", "\t", "\x1b[2K", "\x7f", "\u200b", "\ufeff", "\u2028", "\u202eabc", "\ufffe")
SCRIPTS = (
    "\U0010ffff",
    LONE_SURROGATE,
    "🍣𠮷",
    "👩‍👩‍👧‍👦",
    "ｷﾖｳｺ",
    "か\u3099",
    "א" * 50,
    "ﷺ",
    "Z" + "\u0300" * 500,
    "é" * 300,
    "あ" * 9000,
)
NUMBERS = ("0", "-0", "-1", "1", "１", "１２３", "٣", "Ⅳ", "½", "一二三", "1e3", "1E400", "NaN", "Infinity", "0x10", "1_000", "1.5", "+1")
HUGE = ("2147483648", "9223372036854775808", "-9223372036854775809", "9" * 400, "9" * 5000, "00000000000000000001")
YEN = ("1,000", "¥13,200-", "13,200 円", "１３，２００")
DAYS = ("1-1-1", "0001-01-01", "0000-00-00", "9999-12-31", "10000-01-01", "2026-02-30", "2026-13-01", "-2026-01-01", "令和99年1月1日")
DAYS += ("昭和64年1月8日", "2026-11-29T00:00", "99991231", "00010101")
WORDS = ("", " ", "\u3000", "true", "null", "None", "[]", "{}", "[object Object]", "new", "card", "bank", "wallet", "12", "99")
PLACES = ("../../etc/passwd", "//evil.example", "/\\evil.example", "javascript:alert(1)", "http://169.254.169.254/", "file:///etc/passwd")
CODE = ("{{7*7}}", "${7*7}", "%s%n%x", "<svg onload=alert(1)>", '"><script>x</script>', "'", "' OR 1=1 --", "1; DROP TABLE account", "\\")
MAILS = ("a@b", "a@b\r\nBcc: c@d", "=HYPERLINK(1)", "@x", "+81@example.jp")
VALUES = (*CHARACTERS, *SCRIPTS, *NUMBERS, *HUGE, *YEN, *DAYS, *WORDS, *PLACES, *CODE, *MAILS)
ECHOES = (b"<svg onload", b"<script>x")  # of CODE: never as they are on a page

BODIES = (
    (b"", FORM),
    (b"&&&==&=;", FORM),
    (b"%zz=%&%00=%ff", FORM),
    (b"a=" + b"\xff\xfe\x00" * 50, f"{FORM}; charset=utf-16"),
    (b"&".join(b"f%d=1" % number for number in range(1500)), FORM),
    (b"x" * 70_000, FORM),
    (b'{"months": [1, {"a": null}]}', "application/json"),
    (b"\x89PNG\r\n", "image/png"),
    (b"x", ""),
    (b"--x\r\n", "multipart/form-data; boundary=x"),
    (b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1', "multipart/form-data; boundary=x"),
    (b'--x\r\nContent-Disposition: form-data; name="a"; filename="../../x"\r\n\r\n1\r\n--x--\r\n', "multipart/form-data; boundary=x"),
    (b"--x\r\nNonsense\r\n\r\n--x--", "multipart/form-data; boundary=x"),
    (b"x", "multipart/form-data"),
    (b"x", "multipart/form-data; boundary=" + "y" * 300),
)

HEADERS = ("Host", "Cookie", "Origin", "Referer", "Sec-Fetch-Site", "User-Agent", "Accept", "Accept-Language", "Accept-Encoding")
HEADERS += ("HX-Request", "HX-Current-URL", "HX-Target", "HX-Boosted", "HX-History-Restore-Request", "If-None-Match", "If-Modified-Since")
HEADERS += ("Range", "Content-Type", "Content-Length", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port")
HEADERS += ("X-Request-Id", "Authorization", "Transfer-Encoding", "Expect", "Forwarded", "Available-Dictionary", "Cookie2")
HEADER_VALUES = ("", " ", "true", "null", "-1", "0", "9" * 400, "x" * 7000, "é", "\xff\xfe", "../..", "evil.example", "http://evil.example")
HEADER_VALUES += ("//[", "http://[::1", "a:b:c", "127.0.0.1:8000", "[::1]:8000", "session=; session=x; kept=%00", "session=\xed\xa0\x80")
HEADER_VALUES += ('a="', "bytes=0-99999999999", 'W/""', "*", "*/*;q=x", "gzip;q=9e9", "text/html; charset=nonsense")
HEADER_VALUES += ("Sun, 99 Nov 9999 99:99:99 GMT", "8.8.8.8, ::1, x", "chunked", "100-continue", "Basic !!!", "same-origin", "cross-site")

EVENTS = (
    b"",
    b"null",
    b"[]",
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b"9" * 6000,
    b"NaN",
    b'{"id": "n", "type": "charge.paid"}',
    b'{"id": 1, "type": [], "key": {}, "reference": null, "yen": 1e400, "at": "0001-01-01T00:00:00+00:00"}',
    b'{"id": "n", "type": "charge.paid", "key": "k", "reference": "r", "yen": 660, "at": "0001-01-01T00:00:00+23:59"}',
    b'{"id": "n", "type": "charge.paid", "key": "k", "reference": "r", "yen": true, "at": "2026-11-22T01:02:03.000+00:00"}',
    b'{"id": "n0", "type": "charge.paid", "key": "k\\u0000", "reference": "\\u0000", "yen": 1, "at": "2026-11-22T01:02:03.000+00:00"}',
    b'{"id": "\\ud800", "type": "charge.paid", "key": "\\ud800", "reference": "r", "yen": 1, "at": "2026-11-22T01:02:03.000+00:00"}',
    b'{"id": "big", "type": "charge.paid", "key": "k", "reference": "r", "yen": 99999999999999999999, "at": "2026-11-22T01:02:03+00:00"}',
    '{"id": "utf16", "type": "charge.paid", "key": "k", "reference": "r", "yen": 1, "at": "2026-11-22T01:02:03+00:00"}'.encode("utf-16"),
    b'{"id": "' + b"x" * 50_000 + b'", "type": "charge.paid", "key": "k", "reference": "r", "yen": 1, "at": "2026-11-22T01:02:03+00:00"}',
)
