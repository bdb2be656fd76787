"""What people type for a domain name: one name however it is written, or a sentence that says what to type instead."""

import pytest

from portal.rules.certificates import domain_names as said
from portal.rules.certificates.domain_names import DomainName, NotADomain, read_domain_name


@pytest.mark.parametrize("typed", ["example.jp", " Example.JP. ", "ＥＸＡＭＰＬＥ．ＪＰ", "example。jp", "ex\u00adample.jp"])
def test_one_name_however_it_is_written(typed: str) -> None:
    assert read_domain_name(typed) == DomainName("example.jp", "example.jp")


@pytest.mark.parametrize("typed", ["日本語.jp", "日本語。ｊｐ", "xn--wgv71a119e.jp", "XN--WGV71A119E.JP"])
def test_a_japanese_name_is_shown_as_people_write_it_and_kept_as_the_dns_has_it(typed: str) -> None:
    assert read_domain_name(typed) == DomainName("xn--wgv71a119e.jp", "日本語.jp")


def test_idna_2008_keeps_what_idna_2003_changed() -> None:
    assert read_domain_name("faß.de") == DomainName("xn--fa-hia.de", "faß.de")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", said.EMPTY),
        ("https://example.jp/", said.ADDRESS),
        ("info@example.jp", said.MAIL),
        ("example.jp:443", said.PORT),
        ("*.example.jp", said.WILDCARD),
        ("＊.example.jp", said.WILDCARD),
        ("192.0.2.1", said.NUMBERS),
        ("１９２.0.2.1", said.NUMBERS),
        ("[2001:db8::1]", said.NUMBERS),
        ("example.123", said.NUMBERS),
        ("jp", said.NO_DOT),
        ("www.example.jp", said.WWW),
        ("a" * 64 + ".jp", said.LONG_LABEL),
        ("あ" * 60 + ".jp", said.LONG_LABEL),
        (("a" * 60 + ".") * 5 + "jp", said.TOO_LONG),
        ("-a.jp", said.NOT_A_NAME),
        ("a_b.jp", said.NOT_A_NAME),
        ("a b.jp", said.NOT_A_NAME),
        ("a..jp", said.NOT_A_NAME),
        ("☃.jp", said.NOT_A_NAME),
        ("xn--a.jp", said.NOT_A_NAME),
    ],
)
def test_what_is_no_domain_name_is_refused_with_what_to_type(typed: str, why: str) -> None:
    with pytest.raises(NotADomain, match="。") as refused:
        read_domain_name(typed)

    assert str(refused.value) == why
