import tomllib
from pathlib import Path

from portal.catalog.lines import lines_of

TEXT = (Path(__file__).parents[2] / "company" / "catalog.toml").read_text(encoding="utf-8")


def every_key(value, path=()):
    for key, child in value.items():
        yield (*path, key)
        rows = enumerate(child) if isinstance(child, list) else ()
        for number, row in rows:
            if isinstance(row, dict):
                yield from every_key(row, (*path, key, number))
        if isinstance(child, dict):
            yield from every_key(child, (*path, key))


def test_every_key_of_the_demo_company_is_found_on_its_line():
    lines = lines_of(TEXT)
    written = TEXT.splitlines()

    for path in every_key(tomllib.loads(TEXT)):
        if isinstance(path[-1], str) and (*path, 0) not in lines:
            assert path[-1] in written[lines[path] - 1]


def test_quoted_and_dotted_keys_are_found_on_their_line():
    text = '"a" = 1\nb.c = 2\n  d=3\n[ e . f ]\ng = 4\n[[h]]\n[[h]]\ni = """\nj = 5\n"""\n[h.k]\nl = 6\n'

    assert lines_of(text) == {
        ("a",): 1,
        ("b", "c"): 2,
        ("d",): 3,
        ("e", "f"): 4,
        ("e", "f", "g"): 5,
        ("h", 0): 6,
        ("h", 1): 7,
        ("h", 1, "i"): 8,
        ("h", 1, "k"): 11,
        ("h", 1, "k", "l"): 12,
    }
