"""Names, records and words of the domain doctor."""

from __future__ import annotations

import re
import string

import pytest

from meishi.errors import ConfigError
from meishi.publishing.domain.instruments import _servers
from meishi.publishing.domain.names import Names, guessed_apex, host_of, is_own, shown
from meishi.publishing.domain.records import challenge_name, site_records
from meishi.publishing.domain.words import TITLES, WORDS, language_of


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("www.example.com", "www.example.com"),
        ("  Example.COM. ", "example.com"),
        ("https://www.example.com/about/?a=b", "www.example.com"),
        ("example.com/", "example.com"),
        ("www。例え。jp", "www.xn--r8jz45g.jp"),
        ("日本語.jp", "xn--wgv71a119e.jp"),
        ("ｅｘａｍｐｌｅ．com", "example.com"),
        ("münchen.de", "xn--mnchen-3ya.de"),
        ("xn--wgv71a119e.jp", "xn--wgv71a119e.jp"),
    ],
)
def test_a_domain_is_read_as_people_write_it(typed: str, host: str) -> None:
    assert host_of(typed) == host


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("", "www.example.com"),
        ("example", "www.example.com"),
        ("exa mple.com", "www.example.com"),
        ("-a.example.com", "www.example.com"),
        ("a_b.example.com", "www.example.com"),
        ("192.0.2.1", "www.example.com"),
        ("[::1]", "www.example.com"),
        ("a..example.com", "www.example.com"),
        (f"{'a' * 64}.com", "www.example.com"),
        ("example.com:8080", "port"),
        ("ichi.github.io", "registered"),
        ("straße.de", "Punycode"),
    ],
)
def test_what_is_no_domain_is_refused_with_a_way_out(typed: str, hint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        host_of(typed)

    assert hint in str(caught.value)


def test_names_are_shown_as_people_read_them() -> None:
    assert shown("www.xn--wgv71a119e.jp") == "www.日本語.jp"
    assert shown("www.example.com") == "www.example.com"


@pytest.mark.parametrize(
    ("host", "apex"),
    [
        ("example.com", "example.com"),
        ("www.example.com", "example.com"),
        ("a.b.example.org", "example.org"),
        ("www.example.co.jp", "example.co.jp"),
        ("example.co.jp", "example.co.jp"),
        ("example.co.uk", "example.co.uk"),
        ("example.jp", "example.jp"),
        ("www.example.jp", "example.jp"),
    ],
)
def test_the_apex_is_guessed(host: str, apex: str) -> None:
    assert guessed_apex(host) == apex


def test_www_and_the_apex_belong_together() -> None:
    assert Names("www.example.com", "example.com").partner == "example.com"
    assert Names("example.com", "example.com").partner == "www.example.com"
    assert Names("blog.example.com", "example.com").partner == ""
    assert Names("www.example.com", "example.com").all == ("example.com", "www.example.com")


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("www.example.com", True),
        ("ichi.github.io", False),
        ("localhost", False),
        ("192.0.2.1", False),
        ("::1", False),
        ("printer.local", False),
        ("", False),
    ],
)
def test_a_domain_of_ones_own_is_told_from_others(host: str, own: bool) -> None:
    assert is_own(host) is own


def test_the_records_of_a_site() -> None:
    lines = [record.line for record in site_records(Names("www.example.com", "example.com"), "Ichi")]

    assert lines[0] == "example.com. 3600 IN A 185.199.108.153"
    assert lines[4] == "example.com. 3600 IN AAAA 2606:50c0:8000::153"
    assert lines[8:] == ["www.example.com. 3600 IN CNAME ichi.github.io."]
    alone = site_records(Names("blog.example.com", "example.com"), "")
    assert [record.line for record in alone] == ["blog.example.com. 3600 IN CNAME USER.github.io."]
    assert challenge_name("example.com", "Ichi") == "_github-pages-challenge-ichi.example.com"


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_the_words_of_both_languages_say_the_same_things() -> None:
    english, japanese = WORDS["en"], WORDS["ja"]

    assert list(english) == list(japanese)
    for code in english:
        for mine, theirs in zip(english[code], japanese[code], strict=True):
            assert places(mine) == places(theirs), code
            assert bool(mine) == bool(theirs), code
            assert not mine or mine.rstrip("/").endswith((".", "}", ".git", "/")), code
            assert not theirs or re.search(r"[ぁ-んァ-ヶ一-龠]", theirs), code
    checks = {code.partition(".")[0] for code in english} - {"any"}
    assert checks == set(TITLES)


@pytest.mark.parametrize(("tag", "language"), [("ja_JP.UTF-8", "ja"), ("ja", "ja"), ("C", "en"), ("", "en")])
def test_the_language_follows_the_terminal(tag: str, language: str) -> None:
    assert language_of(tag) == language


def test_servers_are_read_from_the_environment() -> None:
    assert _servers({"X": "127.0.0.1:5353, 192.0.2.1 [::1]:53 2001:db8::1 [2001:db8::1]"}, "X") == [
        ("127.0.0.1", 5353), ("192.0.2.1", 53), ("::1", 53), ("2001:db8::1", 53), ("2001:db8::1", 53),
    ]  # fmt: skip
    with pytest.raises(ConfigError, match="no port"):
        _servers({"X": "127.0.0.1:dns"}, "X")
