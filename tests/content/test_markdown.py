"""Markdown: golden files, the small rules, line numbers, and that no text breaks it."""

from __future__ import annotations

import multiprocessing
import pickle
import re
import subprocess
import sys

import pytest
from golden_files import FOLDER, render_golden, shown
from hypothesis import given, settings
from hypothesis import strategies as st

from meishi.content.markdown import (
    Document,
    ImageSlot,
    LinkSlot,
    MarkdownSettings,
    ShortcodeSlot,
    Slot,
    fill,
    render,
)
from meishi.errors import ContentError, MarkdownError

PLAIN = MarkdownSettings()
OWN = MarkdownSettings(shortcodes=("own",))
IDS = re.compile(r' id="p-([^"]*)"')


def html(source: str, settings: MarkdownSettings = PLAIN) -> str:
    return shown(render(source, settings))


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.md")))
def test_renders_as_in_the_golden_file(name: str) -> None:
    assert render_golden(name) == (FOLDER / f"{name}.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a *b* __c__ ~~d~~ `e`", "<p>a <em>b</em> <strong>c</strong> <s>d</s> <code>e</code></p>\n"),
        ("10~20, 30~40", "<p>10~20, 30~40</p>\n"),
        ("one  \ntwo\\\nthree", "<p>one<br>\ntwo<br>\nthree</p>\n"),
        ("---", "<hr>\n"),
        ("> a\n> b", "<blockquote>\n<p>a\nb</p>\n</blockquote>\n"),
        ("&copy; &lt;b> \\*no\\*", "<p>© &lt;b&gt; *no*</p>\n"),
        ('"quotes" -- stay...', '<p>"quotes" -- stay...</p>\n'),
        ("![](a.png)", '<p><img src="a.png" alt=""></p>\n'),
        ("[x](<a b.md>)", '<p><a href="link:a%20b.md">x</a></p>\n'),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("[a [b](c) d](e)", '<p>[a <a href="link:c">b</a> d](e)</p>\n'),
        ("x{.y} {z}", "<p>x{.y} {z}</p>\n"),
        ("[a span]{.y #z}", '<p><span class="y" id="p-z">a span</span></p>\n'),
        ("# Plain {not attributes}", None),
        ("\0 \ufdd0", "<p>\ufffd \ufffd</p>\n"),
        ("", ""),
    ],
)
def test_writes_inline_text(source: str, expected: str | None) -> None:
    if expected is None:
        assert "{not attributes}</h1>" in html(source)
    else:
        assert html(source) == expected


@pytest.mark.parametrize(
    ("source", "address", "after"),
    [
        ("see https://example.com.", "https://example.com", "."),
        ("see https://example.com/a_b_c?q=*x*&y=1!", "https://example.com/a_b_c?q=*x*&amp;y=1", "!"),
        ("(https://example.com/a(b))", "https://example.com/a(b)", ")"),
        ("https://example.com&lt;", "https://example.com", "&lt;"),
        ("https://example.com/を見る", "https://example.com/", "を見る"),
        ("https://example.com/x、次", "https://example.com/x", "、次"),
        ("「https://example.com」", "https://example.com", "」"),
        ("参照https://example.com/a", "https://example.com/a", ""),
        ("https://localhost:8000/x", "https://localhost:8000/x", ""),
        ("https://example.com/Straße", "https://example.com/Stra%C3%9Fe", ""),
        ("www.example.com/x,", "http://www.example.com/x", ","),
        ("me@example.com.", "mailto:me@example.com", "."),
        ("mailto:me@example.com", "mailto:me@example.com", ""),
        ("連絡先me@example.comまで", "mailto:me@example.com", "まで"),
    ],
)
def test_links_a_bare_address_and_stops_where_it_ends(source: str, address: str, after: str) -> None:
    found = re.search(r'<a href="([^"]*)">[^<]*</a>([^<]*)</p>', html(source))
    assert found is not None
    assert found.groups() == (address, after)


@pytest.mark.parametrize(
    "source",
    ["xhttps://example.com", "http://", "www.nodot", "a@b", "@example.com", "a.www.example.com", "://x"],
)
def test_leaves_what_is_no_address(source: str) -> None:
    assert "<a" not in html(source)


@pytest.mark.parametrize(
    "source", ["$5 and $6", "US$5$", "a $ b $", "$x$5", "\\$a$", "costs $5, or $6.50 in $", "`$x$`", "$$"]
)
def test_prices_are_no_formulas(source: str) -> None:
    assert "<math" not in html(source)


def test_a_setting_turns_formulas_off() -> None:
    assert html("$x$\n\n$$\ny\n$$", MarkdownSettings(math=False)) == "<p>$x$</p>\n<p>$$\ny\n$$</p>\n"


@pytest.mark.parametrize(
    ("formula", "reason"), [("a_{", "missing"), (r"\nosuch x", "is not known"), ("x}", "} has no partner")]
)
def test_a_broken_formula_is_an_error_with_its_line(formula: str, reason: str) -> None:
    with pytest.raises(MarkdownError, match=re.escape(reason)) as caught:
        render(f"one\n\ntwo\nthree ${formula}$", PLAIN, first_line=11)
    assert caught.value.line == 14
    with pytest.raises(MarkdownError) as caught:
        render(f"one\n\n$$\n{formula}\n$$", PLAIN)
    assert caught.value.line == 3


def test_a_formula_is_escaped_and_has_no_links_or_styles() -> None:
    made = html(r"$\text{<script>&} \href{javascript:x}{y} \style{color:red}{z}$")
    assert "&lt;script&gt;" in made
    assert "javascript" not in made
    assert "style" not in made


def test_colours_code_with_classes_alone() -> None:
    made = html("```python\ndef f(): return '<'\n```")
    assert '<span class="k">def' in made
    assert "style=" not in made
    assert "&lt;" in made


def test_a_setting_leaves_code_plain() -> None:
    made = html("```python\ndef f(): pass\n```", MarkdownSettings(code_fences=False))
    assert "<span" not in made
    assert 'class="language-python"' in made


@pytest.mark.parametrize(
    "info", ["no-such", "{", "{}", "python {hl_lines=[}", "python {hl_lines=[9-1,0]}", "<b>"]
)
def test_odd_fences_are_code_all_the_same(info: str) -> None:
    assert "x = 1" in re.sub("<[^>]*>", "", html(f"```{info}\nx = 1\n```"))


def test_without_raw_html_it_is_shown_as_text_and_comments_are_dropped() -> None:
    quiet = MarkdownSettings(unsafe=False)
    made = html("<div onclick=x>a</div>\n\n<b>c</b> <!-- d -->\n\n<!-- e -->", quiet)
    assert "<div" not in made
    assert "<b>" not in made
    assert "&lt;div onclick=x&gt;" in made
    assert "<!--" not in made
    assert "e" not in made.split("</p>")[-1]
    assert html("[x](vbscript:y)<https://a.b>", quiet).count("vbscript:") == 1


def test_ids_are_unique_and_chosen_ones_come_first() -> None:
    document = render('# A\n\n# A\n\n# B {#a}\n\n<p id="b">\n\n# B\n\n# C {#a}\n\n[^a]\n\n[^a]: x', PLAIN)
    ids = IDS.findall(shown(document))
    assert len(ids) == len(set(ids))
    assert [heading.id for heading in document.headings] == ["a-2", "a-3", "a", "b-1", "a-1"]
    assert document.fragments == set(ids)
    assert [(remark.line, "twice" in remark.message) for remark in document.remarks] == [(11, True)]


@pytest.mark.parametrize(
    ("title", "anchor"),
    [
        ("Hello, World!", "hello-world"),
        ("C++ & C#", "c--c"),
        ("snake_case-and  spaces", "snake_case-and-spaces"),
        ("名刺の使い方（基本）", "名刺の使い方基本"),
        ("Ｆｕｌｌ　ｗｉｄｔｈ", "full-width"),
        ("हिन्दी भाषा", "हिन्दी-भाषा"),
        ("Ça va?", "ça-va"),
        ("が", "が"),
        ("!?", "section"),
    ],
)
def test_anchors_read_well_in_any_script(title: str, anchor: str) -> None:
    assert render(f"# {title}", PLAIN).headings[0].id == anchor


def test_tells_the_table_of_contents_from_all_headings() -> None:
    source = "# a\n\n## b `c`\n\n### d\n\n#### e"
    document = render(source, MarkdownSettings(toc_start=2, toc_end=3))
    assert [(one.level, one.text) for one in document.headings] == [(1, "a"), (2, "b c"), (3, "d"), (4, "e")]
    assert [one.text for one in document.toc] == ["b c", "d"]
    assert document.toc[0].html == "b <code>c</code>"


def test_a_links_slot_knows_its_line_in_the_file() -> None:
    source = (
        "[a](a.md)\ntext [b](b.md)\n\n- x\n- [c](c.md)\n\n| h |\n|---|\n| [d](d.md) |\n\n> q\n> [e](e.md) "
        "`x\n> y` [f](\nf.md)\n\n![g](g.png)\n\n<div>\n<a href='h.md'>\n</div>\n\nText <i>\n"
        "<a href='i.md'></i>\n\n[^1]\n\n[^1]: z\n    [j](j.md)"
    )
    lines = source.split("\n")
    document = render(source, PLAIN, first_line=101)
    found = {slot.destination: slot.line for slot in document.slots if not isinstance(slot, ShortcodeSlot)}
    assert set(found) == {f"{name}.{'png' if name == 'g' else 'md'}" for name in "abcdefghij"}
    for name, line in found.items():
        if name != "f.md":  # its destination is on the line after its text, which is the place meant
            assert name in lines[line - 101]
    assert "[f]" in lines[found["f.md"] - 101]


def test_multi_line_shortcodes_do_not_shift_lines() -> None:
    source = (
        'one {{< own\n  "a"\n>}} [a](a.md)\n\n{{< own >}}\nx\n{{< /own >}}\n\n[b](b.md)\n\n'
        "{{% own %}}\n\n[c](c.md) {{< own >}}y\n{{< /own >}}\n[d](d.md)\n{{% /own %}}\n[e](e.md)"
    )
    lines = source.split("\n")
    document = render(source, OWN, first_line=1)
    for slot in document.slots:
        if isinstance(slot, LinkSlot):
            assert f"({slot.destination})" in lines[slot.line - 1]
        elif isinstance(slot, ShortcodeSlot):
            assert "own" in lines[slot.line - 1]
    assert sum(isinstance(slot, LinkSlot) for slot in document.slots) == 5


def test_a_picture_alone_says_so_and_its_title_is_its_caption() -> None:
    slots = render('![a](a.png)\n\n![b](b.png "B")\n\nx ![c](c.png "C")', PLAIN).slots
    assert [(s.alt, s.alone, s.title) for s in slots if isinstance(s, ImageSlot)] == [
        ("a", True, ""),
        ("b", True, ""),
        ("c", False, "C"),
    ]


def test_filling_puts_the_prefix_before_every_id_and_nowhere_else() -> None:
    document = render('# A\n\n![x](x.png){#pic}\n\n[a](#a) [b](#b)\n\n<a id="r" href="#pic">r</a>', PLAIN)
    made = shown(document)
    assert set(IDS.findall(made)) == {"a", "pic", "r"}
    assert 'href="#p-a"' in made
    assert 'href="#p-pic"' in made
    assert 'href="#b"' in made
    plain = fill(document.html, document.slots, lambda slot: "<img>")
    assert ' id="a"' in plain


def test_the_summary_is_the_text_before_more() -> None:
    document = render((FOLDER / "summary.md").read_text("utf-8"), PLAIN)
    made = shown(document, document.summary)
    assert made == (
        '<div class="heading">\n<h2>Before</h2>\n</div>\n'
        '<p>The first part, with a <a href="link:#before">link</a>.</p>\n'
    )
    assert document.truncated


@pytest.mark.parametrize(
    ("source", "summary", "truncated"),
    [
        ("one\n\ntwo", "<p>one</p>\n", True),
        ("one", "<p>one</p>\n", False),
        ("# t\n\n![a](a.png)\n\ntext", "<p>text</p>\n", True),
        ("one <!--more--> two\n\nthree", "<p>one  two</p>\n", True),
        ("one\n\n<!-- more -->", "<p>one</p>\n", False),
        ("> q <!--more-->\n\nx", "<p>x</p>\n", True),
        ("", "", False),
    ],
)
def test_summaries(source: str, summary: str, truncated: bool) -> None:
    document = render(source, PLAIN)
    assert (shown(document, document.summary), document.truncated) == (summary, truncated)
    assert "more" not in shown(document)


@pytest.mark.parametrize("text", ["word " * 200, "これは長い文です。" * 60, "x" * 2000])
def test_a_long_first_paragraph_is_cut(text: str) -> None:
    document = render(text, PLAIN)
    assert document.truncated
    assert document.summary.endswith("…</p>\n")
    assert 60 < len(document.summary) < 750


def test_counts_words_and_letters() -> None:
    assert render("one two *three* `four`", PLAIN).words == 4
    assert render("日本語とEnglish words、です。", PLAIN).words == 8
    assert render("あ" * 1000, PLAIN).minutes == 2
    assert render("word " * 639, PLAIN).minutes == 3
    assert render("", PLAIN).minutes == 1


def test_plain_text_has_no_markup_code_blocks_or_marks() -> None:
    document = render("# A *b*\n\nc [d](e) {{< own >}}f\n\n```\ncode\n```\n\n- g\n- h", OWN)
    assert document.plain.split() == ["A", "b", "c", "d", "f", "g", "h"]


def test_says_what_a_page_needs() -> None:
    assert render("text", PLAIN).features == frozenset()
    source = (
        "$x$\n\n| a |\n|---|\n\n```sh\nls\n```\n\n!!! note\n    n\n\n{{< youtube abc >}}\n\n[^1]\n\n[^1]: x"
    )
    document = render(source, PLAIN)
    assert document.features == {"math", "table", "code", "admonition", "embed", "footnotes"}
    assert document.languages == {"sh"}


def test_remarks_on_notes_that_nothing_refers_to() -> None:
    document = render("a\n\n[^x]: y", PLAIN, first_line=5)
    assert [(remark.line, remark.message) for remark in document.remarks] == [
        (7, "nothing refers to the note [^x]")
    ]


def test_words_of_the_page_follow_its_language_or_the_owner() -> None:
    table = "| a |\n|---|"
    assert 'aria-label="表 1"' in html(table, MarkdownSettings(language="ja-JP"))
    assert 'aria-label="Table 1"' in html(table, MarkdownSettings(language="xx"))
    assert 'aria-label="Tabelle 1"' in html(table, MarkdownSettings(words=(("table", "Tabelle {n}"),)))


def test_each_document_starts_afresh() -> None:
    first = render("# A\n\n[x]: y\n\n[^1]\n\n[^1]: n", PLAIN)
    assert render("# A\n\n[x]: y\n\n[^1]\n\n[^1]: n", PLAIN) == first
    assert html("[x] [^1]") == "<p>[x] [^1]</p>\n"


def test_is_sent_to_and_from_other_processes() -> None:
    source = (FOLDER / "shortcodes.md").read_text("utf-8")
    here = render(source, OWN)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(render, (source, OWN)) == here
    assert pickle.loads(pickle.dumps(here)) == here


def test_loads_no_more_than_a_text_needs() -> None:
    code = """
import sys
from meishi.content.markdown import MarkdownSettings, render
heavy = {"pygments", "budoux", "latex2mathml", "segno", "flask", "jinja2"}
light = "markdown_it" not in sys.modules
render("# a\\n\\n```\\ncode\\n```\\n\\nhttps://a.b", MarkdownSettings())
print(light, *sorted(heavy & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True"]


PIECES = st.sampled_from(
    [
        *r"a b * ** _ ` `` ~~ [ ] ( ) ! \ > # | $ $$ : < 日本 「 」 。 한 é 😀".split(" "),
        *["\n", "\n\n", "\n", "\u3000", "\0", "\ufdd0", "\r\n"],
        *[
            "  \n",
            "    ",
            "\t",
            "- ",
            "1. ",
            "- [x] ",
            "## ",
            "===",
            "---",
            "```",
            "```py\nx\n```\n",
            "\n|---|\n",
        ],
        *["![x](y.png)", "[t](z.md)", "[x]: /y", "https://a.b/c", "www.a.bc", "me@x.yz", "&amp;", "$x$"],
        *["{#i}", "{.c #d}", "[s]{.k}", "[^1]", "\n\n[^1]: n\n", "!!! note\n    ", "> [!TIP]- f\n> x", "#x"],
        *["<!--more-->", "<b>", "</b>", '<a href="x.md" id=q>', "{{< youtube abc >}}", "{{< param a >}}"],
        *["{{< figure src=a.png caption=*c* >}}", '{{< ref "x" >}}', "{{</* x */>}}", "{{< own >}}"],
        *['{{% details "s" %}}a\n\n# b\n\n{{% /details %}}', "{{% own %}}", "{{% /own %}}"],
    ]
)
SOURCES = st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=80)


@settings(max_examples=400)
@given(SOURCES, st.booleans())
def test_any_text_gives_whole_html_or_an_error_with_its_line(source: str, unsafe: bool) -> None:
    chosen = MarkdownSettings(shortcodes=("own",), unsafe=unsafe, language="ja")
    lines = len(re.split("\r\n|\r|\n", source))
    try:
        document = render(source, chosen)
    except ContentError as error:
        wrong = error.line
        document = None
    if document is None:
        assert wrong is not None
        assert 1 <= wrong <= lines
        return
    assert_whole(document, raw=unsafe)


def assert_whole(document: Document, *, raw: bool) -> None:
    def filler(slot: Slot) -> str:
        if isinstance(slot, ShortcodeSlot) and slot.inner and (slot.markdown or raw):
            return fill(slot.inner, document.slots, filler, prefix="p-")
        return ""

    for part in (document.html, document.summary, *(heading.html for heading in document.headings)):
        made = fill(part, document.slots, filler, prefix="p-")
        assert "\0" not in made
        assert "\ufdd0" not in made
    made = fill(document.html, document.slots, filler, prefix="p-")
    ids = IDS.findall(made)
    if not raw:
        assert len(ids) == len(set(ids))
        for tag in ("p", "div", "ul", "li", "em", "strong", "a", "section", "figure", "details", "table"):
            assert len(re.findall(f"<{tag}[ >]", made)) == made.count(f"</{tag}>")
    assert {heading.id for heading in document.headings} <= document.fragments
