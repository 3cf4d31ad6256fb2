"""What visitors write, made safe to keep and to show: plain text with line breaks, bare links and `code`."""

from __future__ import annotations

import re
import unicodedata
from html import escape
from urllib.parse import urlsplit

#: The longest address that a link may have.
LINK_LENGTH = 300
#: So many marks may stand on one letter; more pile up over other people's lines.
MARKS = 4
REL = "nofollow ugc noopener noreferrer"

_SURROGATES = re.compile("[\ud800-\udfff]")
_LINE_ENDS = re.compile("\r\n|[\r\u0085\u2028\u2029]")
#: Controls, what reverses the direction of text, what is no character, and annotations.
_NO_CHARACTERS = "".join(chr(plane + 0xFFFE) + chr(plane + 0xFFFF) for plane in range(0, 0x110000, 0x10000))
_DROPPED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u202a-\u202e\u2066-\u2069\u206a-\u206f\ufeff\ufff9-\ufffb"
    f"\ufdd0-\ufdef{_NO_CHARACTERS}]"
)
#: Invisible tags carry hidden text; only after a black flag they spell a region's flag.
_TAGS = re.compile("(\U0001f3f4[\U000e0030-\U000e007a]{1,8}\U000e007f)|[\U000e0000-\U000e0fff]")
_BLANKS = re.compile(r"[^\S\n]+$", re.MULTILINE)
_GAPS = re.compile(r"\n{3,}")
_SPACES = re.compile(r"\s+")
#: Letters that look like nothing: fillers and the blank Braille pattern.
_UNSEEN = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f")
_JOINER = re.compile(
    "(?<=[^\x00-\x7f])[\u200c\u200d](?=[^\x00-\x7f])|([\u00ad\u180e\u200b-\u200f\u2060-\u2064])"
)
_URL = re.compile(r"https?://[A-Za-z0-9\[][A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*", re.IGNORECASE)
_PAIRS = {")": "(", "]": "["}
_PIECE = re.compile(rf"`([^`\n]+)`|({_URL.pattern})", re.IGNORECASE)
_NO_ADDRESS = re.compile('[\\s<>"\\\\^`{|}\x00-\x20\x7f]')
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


_PILE = re.compile(f"m{{{MARKS + 1},}}")


class TextError(ValueError):
    """Say which field cannot be taken, and why: "empty", "too_long" or "bad_request"."""

    def __init__(self, code: str, field: str) -> None:
        super().__init__(code, field)
        self.code = code
        self.field = field


def clean_body(text: str, longest: int) -> str:
    """Return a message as it is kept, or raise TextError."""
    kept = _tidied(text, longest, "body")
    kept = _GAPS.sub("\n\n", _BLANKS.sub("", kept)).strip()
    return _checked(kept, longest, "body")


def clean_name(text: str, longest: int) -> str:
    """Return a name as it is kept, in one line, or raise TextError."""
    kept = _tidied(text, longest, "name")
    kept = _JOINER.sub(lambda match: "" if match[1] else match[0], kept)
    return _checked(_SPACES.sub(" ", kept).strip(), longest, "name")


def clean_link(text: str) -> str | None:
    """Return an http(s) address as it is kept, None for nothing, or raise TextError."""
    link = _LINE_ENDS.sub("", _SURROGATES.sub("", text)).strip()
    if not link:
        return None
    if not _SCHEME.match(link) or re.match(r"[^/:]+:\d+(/|$)", link):
        link = f"https://{link.removeprefix('//')}"
    if len(link) > LINK_LENGTH:
        raise TextError("too_long", "link")
    if not is_web_address(link):
        raise TextError("bad_request", "link")
    return unicodedata.normalize("NFC", link)


def is_web_address(link: str) -> bool:
    """Tell whether a text is a whole http(s) address that leads to a host, and carries no password."""
    if _NO_ADDRESS.search(link) or _DROPPED.search(link) or _SURROGATES.search(link):
        return False
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    good = parts.scheme in ("http", "https") and "@" not in parts.netloc
    return good and bool(host) and ("." in host.strip(".") or ":" in host or host == "localhost")


def link_text(link: str) -> str:
    """Return an address as people say it: without scheme, www and the last slash."""
    shown = re.sub(r"^https?://(www\.)?", "", link, flags=re.IGNORECASE)
    return shown.removesuffix("/")


def links_in(body: str) -> list[str]:
    """List the bare links of a message, as they are shown."""
    return [
        trimmed(match[2]) for match in _PIECE.finditer(body) if match[2] and is_web_address(trimmed(match[2]))
    ]


def trimmed(url: str) -> str:
    """Return a link without the punctuation of the sentence around it."""
    while url:
        last = url[-1]
        unpaired = last in _PAIRS and url.count(last) > url.count(_PAIRS[last])
        if last in ".,;:!?'*" or unpaired:
            url = url[:-1]
        else:
            break
    return url


def body_html(body: str) -> str:
    """Return a message as HTML: paragraphs, line breaks, `code`, bare links; all else is escaped."""
    paragraphs = re.split(r"\n{2,}", body.strip("\n"))
    return "".join(f"<p>{_inline(part)}</p>" for part in paragraphs if part)


def _inline(text: str) -> str:
    made: list[str] = []
    place = 0
    for match in _PIECE.finditer(text):
        made.append(_escaped(text[place : match.start()]))
        if match[1] is not None:
            made.append(f"<code>{escape(match[1])}</code>")
        else:
            url = trimmed(match[2])
            good = is_web_address(url)
            made.append(f'<a href="{escape(url)}" rel="{REL}">{escape(url)}</a>' if good else escape(url))
            made.append(escape(match[2][len(url) :]))
        place = match.end()
    made.append(_escaped(text[place:]))
    return "".join(made)


def _escaped(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _tidied(text: str, longest: int, field: str) -> str:
    # Before any work is done: what is far too long, whatever it is made of.
    if len(text) > longest * 8 + 1000:
        raise TextError("too_long", field)
    kept = _LINE_ENDS.sub("\n", text)
    if kept.isascii():
        return _DROPPED.sub("", kept)
    kept = _DROPPED.sub("", _SURROGATES.sub("", kept))
    kept = _TAGS.sub(lambda match: match[1] or "", kept)
    return _few_marks(unicodedata.normalize("NFC", kept))


class _Kinds(dict[int, str]):
    """Letters to what they are, a mark or not. Filled as letters are met."""

    def __missing__(self, letter: int) -> str:
        self[letter] = found = "m" if unicodedata.category(chr(letter))[0] == "M" else "-"
        return found


_KINDS = _Kinds()


def _few_marks(text: str) -> str:
    """Drop what piles up on a letter."""
    piles = [match.span() for match in _PILE.finditer(text.translate(_KINDS))]
    for start, end in reversed(piles):
        text = text[: start + MARKS] + text[end:]
    return text


def _checked(text: str, longest: int, field: str) -> str:
    if not any(_is_seen(letter) for letter in text):
        raise TextError("empty", field)
    if len(text) > longest:
        raise TextError("too_long", field)
    return text


def _is_seen(letter: str) -> bool:
    if letter.isascii():
        return letter > " "
    return unicodedata.category(letter)[0] not in "ZCM" and letter not in _UNSEEN
