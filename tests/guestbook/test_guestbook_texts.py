"""What visitors write: kept as they meant it, and harmless wherever it is shown."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meishi.guestbook.texts import (
    MARKS,
    REL,
    TextError,
    body_html,
    clean_body,
    clean_link,
    clean_name,
    is_web_address,
    link_text,
    links_in,
)

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg/onload=alert(1)>",
    "javascript:alert(1)",
    "`<b>`",
    'https://example.com/"onmouseover="alert(1)',
    "https://example.com/<script>alert(1)</script>",
    "https://example.com/`<img src=x onerror=alert(1)>`",
    "&lt;script&gt;",
    "</p></section><script>alert(1)</script>",
    "{{ config }} {% raw %}",
    "https://a.example\u202e/moc.elpmaxe",
    "\x00<scr\x00ipt>alert(1)</script>",
)
ANY = st.text(st.characters(), max_size=60)
BITS = ["https://example.com/a?b=(c)", "`", "\n", "\r\n", " ", "e\u0301", "\u0301", "\u202e", "🏳️‍🌈", "が"]
NASTY = st.lists(st.sampled_from([*PAYLOADS, *BITS]) | ANY, max_size=8).map("".join)
FLAG = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


class Tags(HTMLParser):
    """List the tags with their attributes, and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def cleaned(text: str) -> str | None:
    try:
        return clean_body(text, 2000)
    except TextError:
        return None


@given(NASTY)
def test_a_cleaned_text_is_clean_and_stays_as_it_is(text: str) -> None:
    body = cleaned(text)
    if body is None:
        return

    assert clean_body(body, 2000) == body
    assert unicodedata.is_normalized("NFC", body)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]", body)
    body.encode()
    marks = "".join("m" if unicodedata.category(letter)[0] == "M" else "-" for letter in body)
    assert "m" * (MARKS + 1) not in marks
    assert "\n\n\n" not in body


@given(NASTY)
def test_html_has_only_our_tags_and_says_what_was_written(text: str) -> None:
    body = cleaned(text)
    if body is None:
        return
    page = Tags(body_html(body))

    assert {tag for tag, _ in page.tags} <= {"p", "br", "a", "code"}
    for tag, attributes in page.tags:
        if tag == "a":
            assert set(attributes) == {"href", "rel"}
            assert attributes["rel"] == REL
            assert is_web_address(attributes["href"] or "")
        else:
            assert attributes == {}
    assert re.sub(r"[`\s]", "", page.text) == re.sub(r"[`\s]", "", body)


@given(NASTY)
def test_names_are_one_line_of_what_can_be_seen(text: str) -> None:
    try:
        name = clean_name(text, 40)
    except TextError:
        return

    assert clean_name(name, 40) == name
    assert 1 <= len(name) <= 40
    assert not re.search(r"[\r\n\t\u200b\u2060\u00ad\u202e]", name)


@given(st.text(max_size=400))
def test_a_link_leads_to_a_host_of_the_web_or_is_refused(text: str) -> None:
    try:
        link = clean_link(text)
    except TextError:
        return

    assert link is None or is_web_address(link)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_become_text(payload: str) -> None:
    html = body_html(clean_body(payload, 2000))

    assert re.findall(r"<(?!/?(?:p|br|a|code)\b)", html) == []
    assert not re.search(r"<[^>]*\son\w+=", html)


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("one", "<p>one</p>"),
        ("one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>"),
        ("a `code <b>` b", "<p>a <code>code &lt;b&gt;</code> b</p>"),
        ("`a\nb`", "<p>`a<br>b`</p>"),
        ("see https://a.example/x.", f'<p>see <a href="https://a.example/x" rel="{REL}">https://a.example/x</a>.</p>'),
        ("(https://a.example/x_(y))", f'<p>(<a href="https://a.example/x_(y)" rel="{REL}">https://a.example/x_(y)</a>)</p>'),
        ("https://a.example/を見て", f'<p><a href="https://a.example/" rel="{REL}">https://a.example/</a>を見て</p>'),
        ("`https://a.example/`", "<p><code>https://a.example/</code></p>"),
        ("https://nohost", "<p>https://nohost</p>"),
        ("https://user@a.example/", "<p>https://user@a.example/</p>"),
        ("a & b < c", "<p>a &amp; b &lt; c</p>"),
    ],
)  # fmt: skip
def test_a_body_becomes_html(body: str, html: str) -> None:
    assert body_html(body) == html


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  a  \r\nb\rc\u2028d  ", "a\nb\nc\nd"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("a \t\nb", "a\nb"),
        ("e\u0301", "é"),
        ("h\u0336\u0337\u0338\u0336\u0337\u0338i", "h\u0336\u0337\u0338\u0336i"),
        ("\u202eevil\u202c \ud800x\ufeff\x07", "evil x"),
        (f"{FLAG}!", f"{FLAG}!"),
        ("a\U000e0068\U000e0069b", "ab"),
        ("👩\u200d👩\u200d👧 ❤️", "👩\u200d👩\u200d👧 ❤️"),
        ("  indented code", "indented code"),
        ("a\n  b", "a\n  b"),
    ],
)  # fmt: skip
def test_a_body_is_kept_as_it_was_meant(written: str, kept: str) -> None:
    assert clean_body(written, 100) == kept


@pytest.mark.parametrize("text", ["", " ", "\n\u3000", "\u200b\u200d", "\u3164\u2800", "\u0301", "\ufe0f"])
def test_what_cannot_be_seen_is_nothing(text: str) -> None:
    for clean in (clean_body, clean_name):
        with pytest.raises(TextError, match="empty"):
            clean(text, 100)


def test_what_is_far_too_long_costs_no_work() -> None:
    with pytest.raises(TextError, match="too_long"):
        clean_body("a\u0301" * 10_000_000, 2000)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("", None),
        ("  ", None),
        ("https://a.example/x?y=1#z", "https://a.example/x?y=1#z"),
        ("a.example", "https://a.example"),
        ("//a.example/x", "https://a.example/x"),
        ("a.example:8080/x", "https://a.example:8080/x"),
        ("HTTP://A.example", "HTTP://A.example"),
        ("https://日本.example/茶", "https://日本.example/茶"),
        ("https://[::1]/", "https://[::1]/"),
    ],
)
def test_a_link_is_kept(written: str, kept: str | None) -> None:
    assert clean_link(written) == kept


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)", "data:text/html,x", "ftp://a.example/", "mailto:a@b.example", "https://", "https:///x",
        "https://nohost", "https://me:secret@a.example/", "https://a.example:x/", "https://a b.example/",
        "https://a.example/\u202e", 'https://a.example/"x', "https://a.example/<b>", "https://[::1",
        "jav\nascript:x", "\\\\a.example", "vbscript:x", " javascript:alert(1)",
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(link: str) -> None:
    with pytest.raises(TextError, match="bad_request"):
        clean_link(link)


def test_a_link_may_not_be_endless() -> None:
    with pytest.raises(TextError, match="too_long"):
        clean_link("https://a.example/" + "x" * 300)


def test_links_are_counted_and_shown_as_people_say_them() -> None:
    assert links_in("https://a.example/, `https://b.example/` http://c.example") == [
        "https://a.example/",
        "http://c.example",
    ]
    assert link_text("https://www.a.example/x/") == "a.example/x"
