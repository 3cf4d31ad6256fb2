"""Shortcodes: how they are read, what the built-in ones make, and what is wrong with the others."""

from __future__ import annotations

import re

import pytest
from golden_files import shown

from meishi.content.markdown import MarkdownSettings, ShortcodeSlot, render
from meishi.errors import MarkdownError, ShortcodeError

OWN = MarkdownSettings(shortcodes=("box", "own", "own/part"), enclosing=("box",))


def html(source: str) -> str:
    return shown(render(source, OWN))


def slots(source: str) -> list[ShortcodeSlot]:
    return [slot for slot in render(source, OWN).slots if isinstance(slot, ShortcodeSlot)]


@pytest.mark.parametrize(
    ("source", "positional", "named"),
    [
        ("{{< own >}}", (), ()),
        ("{{<own>}}", (), ()),
        ("{{< own a b-c d.e/f >}}", ("a", "b-c", "d.e/f"), ()),
        ('{{< own "a b" `c "d"` >}}', ("a b", 'c "d"'), ()),
        (r'{{< own "say \"hi\" \\ >}}" >}}', ('say "hi" \\ >}}',), ()),
        ('{{< own key="a b" other=c raw=`d` >}}', (), (("key", "a b"), ("other", "c"), ("raw", "d"))),
        ("{{< own src=/a/b.png />}}", (), (("src", "/a/b.png"),)),
        ('{{< own ""\n  "two"\n>}}', ("", "two"), ()),
        ("{{< own/part 日本 >}}", ("日本",), ()),
        ("{{< own https://example.com/?a=1 >}}", ("https://example.com/?a=1",), ()),
    ],
)
def test_reads_arguments_as_hugo_does(
    source: str, positional: tuple[str, ...], named: tuple[tuple[str, str], ...]
) -> None:
    (slot,) = slots(source)
    assert (slot.positional, slot.named) == (positional, named)


def test_inner_text_is_raw_or_markdown() -> None:
    raw, cooked = slots("{{< box >}}a *b* <c>{{< /box >}}\n\n{{% box %}}a *b*{{% /box %}}")
    assert (raw.inner, raw.markdown) == ("a *b* <c>", False)
    assert (cooked.inner, cooked.markdown) == ("<p>a <em>b</em></p>\n", True)


def test_a_shortcode_without_closing_tag_has_no_inner_text() -> None:
    assert slots("{{< own >}} x")[0].inner is None
    assert slots("{{< own />}} x")[0].inner is None
    assert slots("{{< own >}}{{< /own >}}")[0].inner == ""


def test_shortcodes_nest_and_know_their_place_among_siblings() -> None:
    source = "{{< own 1 >}}\n\n{{< box >}}{{< own 2 >}}{{< own 3 >}}x{{< /own >}}{{< /box >}}"
    made = html(source)
    assert made == ("{block own('1')}\n{block box()[[{inline own('2')}{inline own('3')[[x]]}]]}\n")
    assert {(slot.name, *slot.positional): slot.ordinal for slot in slots(source)} == {
        ("own", "1"): 0,
        ("box",): 1,
        ("own", "2"): 0,
        ("own", "3"): 1,
    }


def test_ids_inside_an_owners_shortcode_belong_to_the_page() -> None:
    document = render("{{% box %}}\n# A\n{{% /box %}}\n\n[a](#a)", OWN)
    assert document.fragments == {"a"}
    assert 'href="#p-a">a</a>' in shown(document)


def test_markdown_inside_shares_notes_links_and_ids_with_the_page() -> None:
    inside = "# A\n\n[x] [^n] [^m]\n\n[^m]: inside"
    source = f"# A\n\n{{{{% box %}}}}\n{inside}\n{{{{% /box %}}}}\n\n[^n]\n\n[x]: y.md\n[^n]: outside"
    document = render(source, OWN)
    assert [heading.id for heading in document.headings] == ["a", "a-1"]
    made = shown(document)
    assert "link:y.md" in made
    assert made.count('class="footnotes"') == 1
    assert made.index("outside") < made.index("inside")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('{{</* own "x" */>}}', '{{&lt; own "x" &gt;}}'),
        ("`{{%/* own */%}}`", "<code>{{% own %}}</code>"),
        ("{{</* /nothing */>}}", "{{&lt; /nothing &gt;}}"),
        ("{{ jinja }} and { {< x >} }", "{{ jinja }} and { {&lt; x &gt;} }"),
    ],
)
def test_comment_signs_show_a_shortcode_as_it_is(source: str, text: str) -> None:
    assert html(source) == f"<p>{text}</p>\n"


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        ("a\n\n{{< figre src=x >}}", 3, "figre is not known. Did you mean figure?"),
        ("{{< zzz >}}", 1, "zzz is not known. Your own go into templates/shortcodes/zzz.html"),
        ("a\n{{< own", 2, "own does not end"),
        ('a\n{{< own "x >}}', 2, "own does not end"),
        ("\n{{< own %}}", 2, "own does not end"),
        ("{{< >}}", 1, "has no name"),
        ("a\n\n{{< /own >}}", 3, "was not opened"),
        ("{{< box >}}\nx\n{{< own >}}", 1, "box is not closed"),
        ("{{< own >}}\n{{< box >}}x{{< /own >}}", 2, "box is not closed"),
        ('{{< details "x" >}}', 1, "details is not closed"),
        ("{{< own a b=c >}}", 1, "mixes values"),
        ("x\n{{< figure >}}", 2, "figure has no src"),
        ("{{< youtube >}}", 1, "youtube has no id"),
        ("{{< youtube https://youtu.be/x >}}", 1, "not one of a video"),
        ("{{< gist user >}}", 1, "gist has no id"),
        ("{{< ref >}}", 1, "ref has no path"),
        ("{{< qr >}}", 1, "qr has no text"),
        ("[x {{< youtube abc >}}](y.md)", 1, "cannot stand inside a link"),
        ("{{% box %}}\n\n{{< zzz >}}\n{{% /box %}}", 3, "zzz is not known"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(source: str, line: int, message: str) -> None:
    with pytest.raises(ShortcodeError) as caught:
        render(source, OWN, first_line=1)
    assert message in str(caught.value)
    assert caught.value.line == line


def test_an_error_inside_a_shortcode_has_the_files_line() -> None:
    with pytest.raises(MarkdownError) as caught:
        render("x\n\n{{% box %}}\n\ntext\n\n$a_{$\n{{% /box %}}", OWN, first_line=10)
    assert caught.value.line == 16


def test_a_lone_shortcode_has_no_paragraph_but_one_amid_text_has() -> None:
    assert html("{{< own >}}") == "{block own()}\n"
    assert html("{{< own >}} {{< own >}}") == "{block own()}\n{block own()}\n"
    assert html("a {{< own >}}") == "<p>a {inline own()}</p>\n"
    assert html("- {{< own >}}") == "<ul>\n<li>{block own()}\n</li>\n</ul>\n"
    assert html('{{< ref "a" >}}') == "<p>ref:a</p>\n"


def test_a_block_amid_text_parts_the_paragraph() -> None:
    made = html("a *b {{< figure src=c.png >}} d* e")
    assert made == ('<p>a <em>b </em></p>\n<figure><img src="c.png" alt=""></figure><p><em> d</em> e</p>\n')


def test_stands_in_attributes_of_links_pictures_and_html() -> None:
    assert html("[x]({{< own >}})") == '<p><a href="{attribute own()}">x</a></p>\n'
    assert html("[x](/a/{{< own >}}.html)") == '<p><a href="/a/{attribute own()}.html">x</a></p>\n'
    assert html("![x]({{< own >}})") == '<p><img src="{attribute own()}" alt="x"></p>\n'
    assert html('<a href="{{< ref "b.md" >}}">x</a>') == '<p><a href="ref:b.md">x</a></p>\n'
    assert html('[x][r]\n\n[r]: {{< relref "b" >}}') == '<p><a href="relref:b">x</a></p>\n'
    assert html('[x]({{< ref "#here" >}})\n\n# Here').startswith('<p><a href="#p-here">x</a></p>')


def test_blocks_are_shown_as_written_in_code_and_text_is_put_in() -> None:
    source = "```html\n<a href='{{< own >}}'>\n{{< figure\n  src=\"x\" >}}\n```\n\n`{{< own >}}`"
    made = re.sub("</?span[^>]*>", "", html(source))
    assert "{inline own()}" in made
    assert '{{&lt; figure\n  src="x" &gt;}}' in made
    assert "<code>{inline own()}</code>" in made


def test_an_owners_template_takes_the_place_of_a_built_in_shortcode() -> None:
    chosen = MarkdownSettings(shortcodes=("figure",))
    assert shown(render("{{< figure src=a >}}", chosen)) == "{block figure(src='a')}\n"


def test_no_page_load_contacts_another_host() -> None:
    made = html("{{< youtube abc >}}\n\n{{< vimeo 1 >}}\n\n{{< gist a b >}}")
    assert not re.search(r"<(iframe|script|img|link)", made)
    assert made.count("<a href=") == 3


def test_a_qr_code_is_a_picture_with_a_name() -> None:
    made = html('{{< qr "https://example.com/" >}}')
    assert made.startswith('<figure class="qr"><svg role="img" aria-label="QR code: https://example.com/"')
    assert "style=" not in made
    assert html("{{< qr >}}\nhttps://example.com/\n{{< /qr >}}") == made


def test_highlight_takes_hugos_options() -> None:
    made = html('{{< highlight go "linenos=inline,hl_lines=1 3-4" >}}\na\nb\nc\nd\n{{< /highlight >}}')
    assert [bool(one) for one in re.findall(r'class="line( hl)?"', made)] == [True, False, True, True]
    assert made.count('class="ln"') == 4


def test_a_figure_has_credits_and_a_caption_in_markdown() -> None:
    made = html('{{< figure src="a.png" title="T" caption="c *d*" attr="e" attrlink="f.md" >}}')
    assert made == (
        '<figure><img src="a.png" alt="c d"><figcaption><strong>T</strong> c <em>d</em> '
        '<a href="link:f.md">e</a></figcaption></figure>\n'
    )
