"""The built-in shortcodes, and slots for those that templates make.

No page load contacts another host: a video is a link that a click turns into a player, a gist is a link.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from meishi.content import highlight
from meishi.content.destinations import normal
from meishi.content.shortcodes import Fragment, Shortcode
from meishi.content.slots import PREFIX, ImageSlot, LinkSlot, ShortcodeSlot
from meishi.errors import ShortcodeError

if TYPE_CHECKING:
    from meishi.content.writer import Writer

Maker = Callable[["Writer", Shortcode], str]

_PARAGRAPH = re.compile(r'<p(?: data-line="\d+")?>(.*)</p>', re.DOTALL)
_VIDEO_ID = re.compile(r"[A-Za-z0-9_-]+")


def is_block(writer: Writer, code: Shortcode) -> bool:
    """Tell whether a shortcode is known to make a block, which no paragraph may hold."""
    return code.name in BLOCKS and code.name not in writer.settings.shortcodes


def is_text(writer: Writer, code: Shortcode) -> bool:
    """Tell whether a shortcode is known to make text, so that it keeps its paragraph."""
    return code.name in TEXTS and code.name not in writer.settings.shortcodes


def write(writer: Writer, code: Shortcode, *, inline: bool) -> str:
    """Write a shortcode: the built-in ones as HTML, all others as slots."""
    maker = None if code.name in writer.settings.shortcodes else {**BLOCKS, **TEXTS}.get(code.name)
    if maker is not None:
        return maker(writer, code)
    return writer.slot(slot_of(writer, code, inline=inline))


def in_attribute(writer: Writer, code: Shortcode) -> str:
    """Write a shortcode that stands in an attribute's value."""
    if code.name in ("ref", "relref") and code.name not in writer.settings.shortcodes:
        return _reference(writer, code)
    return writer.slot(slot_of(writer, code, inline=True, attribute=True))


def slot_of(writer: Writer, code: Shortcode, *, inline: bool, attribute: bool = False) -> ShortcodeSlot:
    """Make the slot of a shortcode that a template fills."""
    inner: str | None = None
    if code.inner is not None:
        inner = writer.markdown(code.inner) if code.markdown else raw(writer, code.inner)
    named = tuple(code.named.items())
    return ShortcodeSlot(
        code.line, code.name, code.positional, named, inner, code.markdown, inline, code.ordinal, attribute
    )


def raw(writer: Writer, fragment: Fragment) -> str:
    """Give the text inside a shortcode as it was written, the shortcodes in it as slots or HTML."""
    return writer.with_codes(fragment.text)


def _inline_markdown(writer: Writer, text: str, line: int) -> str:
    """Render a caption: Markdown without the paragraph around it."""
    html = writer.markdown(Fragment(text, line)).strip()
    # With settings.lines the paragraph says its line.
    alone = _PARAGRAPH.fullmatch(html)
    return alone[1] if alone and "</p>" not in alone[1] else html


def _need(code: Shortcode, name: str, position: int | None = 0) -> str:
    value = code.get(name, position).strip()
    if not value:
        raise ShortcodeError(
            f"the shortcode {code.name} has no {name}",
            line=code.line,
            hint=f'Write {{{{< {code.name} {name}="…" >}}}}',
        )
    return value


def _figure(writer: Writer, code: Shortcode) -> str:
    source = _need(code, "src")
    given = [(name, code.get(name)) for name in ("width", "height", "loading") if code.get(name)]
    caption = code.get("caption") or code.get("attr")
    alt = code.named.get("alt", "" if not caption else _plain(code.get("caption")))
    picture = writer.slot(ImageSlot(code.line, source, alt, "", tuple(given), True))
    if not caption:
        writer.plain.append(alt)
    if link := code.get("link"):
        href = _address(writer, link, code.line)
        extra = "".join(f' {name}="{escape(code.get(name))}"' for name in ("target", "rel") if code.get(name))
        picture = f'<a href="{href}"{extra}>{picture}</a>'
    shown = code.get("class")
    return f"<figure{_classes(shown)}>{picture}{_caption(writer, code)}</figure>"


def _caption(writer: Writer, code: Shortcode) -> str:
    parts = []
    if title := code.get("title"):
        parts.append(f"<strong>{_inline_markdown(writer, title, code.line)}</strong>")
    if caption := code.get("caption"):
        parts.append(_inline_markdown(writer, caption, code.line))
    if credit := code.get("attr"):
        words = _inline_markdown(writer, credit, code.line)
        if link := code.get("attrlink"):
            words = f'<a href="{_address(writer, link, code.line)}">{words}</a>'
        parts.append(words)
    return f"<figcaption>{' '.join(parts)}</figcaption>" if parts else ""


def _address(writer: Writer, address: str, line: int) -> str:
    return writer.address(normal(address), "link", line)


def _plain(text: str) -> str:
    return re.sub(r"[*_`]|\[([^\]]*)\]\([^)]*\)", r"\1", text)


def _classes(names: str, first: str = "") -> str:
    joined = " ".join(filter(None, [first, names]))
    return f' class="{escape(joined)}"' if joined else ""


def _youtube(writer: Writer, code: Shortcode) -> str:
    name = _video_id(code)
    start = code.get("start")
    options = {"autoplay": "1", **({"start": start} if start.isdigit() else {})}
    player = f"https://www.youtube-nocookie.com/embed/{name}?{urlencode(options)}"
    page = f"https://www.youtube.com/watch?v={name}" + (f"&t={start}s" if start.isdigit() else "")
    return _video(writer, code, "YouTube", player, page)


def _vimeo(writer: Writer, code: Shortcode) -> str:
    name = _video_id(code)
    player = f"https://player.vimeo.com/video/{name}?autoplay=1&dnt=1"
    return _video(writer, code, "Vimeo", player, f"https://vimeo.com/{name}")


def _video_id(code: Shortcode) -> str:
    name = _need(code, "id")
    if not _VIDEO_ID.fullmatch(name):
        raise ShortcodeError(
            f"the shortcode {code.name} has the id {name!r}, which is not one of a video",
            line=code.line,
            hint="Give the part of the video's address that names it alone",
        )
    return name


def _video(writer: Writer, code: Shortcode, host: str, player: str, page: str) -> str:
    """Write a link that the theme's script turns into a player when it is clicked."""
    writer.features.add("embed")
    title = code.get("title") or writer.words["video"].format(host=host)
    writer.plain.append(f"{title}\n")
    name = host.lower()
    return (
        f'<div{_classes(code.get("class"), f"embed embed-{name}")} data-embed="{escape(player)}"'
        f' data-title="{escape(title)}"><a href="{escape(page)}"><span class="embed-title">'
        f'{escape(title, quote=False)}</span> <span class="embed-host">{host}</span></a></div>'
    )


def _gist(writer: Writer, code: Shortcode) -> str:
    user, name = _need(code, "user", 0), _need(code, "id", 1)
    file = code.get("file", 2)
    address = f"https://gist.github.com/{quote(user)}/{quote(name)}"
    if file:
        address += "#file-" + re.sub(r"[^a-z0-9_]+", "-", file.lower())
    writer.features.add("embed")
    shown = file or f"{user}/{name}"
    writer.plain.append(f"{shown}\n")
    host = escape(writer.words["gist"])
    return (
        f'<div class="embed embed-gist"><a href="{escape(address)}"><span class="embed-title">'
        f'{escape(shown, quote=False)}</span> <span class="embed-host">{host}</span></a></div>'
    )


def _highlight(writer: Writer, code: Shortcode) -> str:
    language = code.get("lang", 0) or code.get("type")
    # Hugo's options stand in one string here, ranges parted by spaces: "linenos=table,hl_lines=8 15-17".
    text = re.sub(r"hl_lines\s*=\s*([0-9][0-9 -]*)", r"hl_lines=[\1]", code.get("options", 1))
    options = highlight.read_options(" ".join([text, *(f'{k}="{v}"' for k, v in code.named.items())]))
    source = raw(writer, code.inner).removeprefix("\n") if code.inner else ""
    if source and not source.endswith("\n"):
        source += "\n"
    if options.id:
        options.id = writer.anchors.claim(options.id)
    made = highlight.write(source, language, options, highlighted=writer.settings.code_fences)
    writer.features.add("code")
    if made.language:
        writer.languages.add(made.language)
    return made.html.rstrip("\n")


def _details(writer: Writer, code: Shortcode) -> str:
    summary = code.get("summary", 0) or writer.words["details"]
    title = _inline_markdown(writer, summary, code.line)
    inner = writer.markdown(code.inner) if code.inner else ""
    is_open = code.get("open").lower() not in ("", "false", "0", "no")
    name = f' name="{escape(code.get("name"))}"' if code.get("name") else ""
    return (
        f"<details{_classes(code.get('class'))}{name}{' open' if is_open else ''}>\n"
        f"<summary>{title}</summary>\n{inner}</details>"
    )


def _qr(writer: Writer, code: Shortcode) -> str:
    import segno  # here, because few pages have one

    text = code.get("text", 0) or (code.inner.text.strip() if code.inner else "")
    if not text:
        _need(code, "text")
    try:
        made = segno.make(text, error=code.get("level", default="m")[:1].lower() or "m", micro=False)
    except (segno.DataOverflowError, ValueError) as error:
        raise ShortcodeError(
            f"the shortcode qr cannot be drawn ({error})", line=code.line, hint="Shorten its text"
        ) from error
    label = code.get("alt") or writer.words["qr"].format(text=text)
    svg = made.svg_inline(omitsize=True, dark="#000", light="#fff", svgclass=None, lineclass=None)
    svg = svg.replace("<svg", f'<svg role="img" aria-label="{escape(label)}"', 1)
    return f"<figure{_classes(code.get('class'), 'qr')}>{svg}</figure>"


def _reference(writer: Writer, code: Shortcode) -> str:
    """Make the slot of a link to a page; a name that begins with # stays on this one."""
    target = _need(code, "path")
    if target.startswith("#"):
        writer.fragment_links.add(target[1:])
        return f"#{PREFIX}{escape(target[1:])}"
    kind = "ref" if code.name == "ref" else "relref"
    return writer.slot(LinkSlot(code.line, target, "ref" if kind == "ref" else "relref", code.get("lang")))


BLOCKS: dict[str, Maker] = {
    "details": _details,
    "figure": _figure,
    "gist": _gist,
    "highlight": _highlight,
    "qr": _qr,
    "vimeo": _vimeo,
    "youtube": _youtube,
}
TEXTS: dict[str, Maker] = {"ref": _reference, "relref": _reference}

# Filled by the web room, which knows the page and the site.
LATER = ("param", "socialLinks")
BUILT_IN = frozenset({*BLOCKS, *TEXTS, *LATER})
