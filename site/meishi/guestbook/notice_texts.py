"""What the owner is told of new entries, in words: plain text, in which nothing of a visitor's can act."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

#: So many entries are told in full; of the others only how many there are.
TOLD = 20
#: Letters of an entry in the line for a chat.
_EXCERPT = 280

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "new": "{new} new in the guestbook",
        "waiting": "{held} waiting for you",
        "subject": "[{site}] {news}",
        "and": ", ",
        "held": "waiting for you",
        "in": "in {room}",
        "more": "… and {count} more.",
        "desk": "Answer, approve or hide:",
        "why": "You get this because guestbook.notices.mail in config.toml names your address.",
        "test": "This is a test. Mail from your guestbook arrives.",
        "test_subject": "A test from the guestbook",
    },
    "ja": {
        "new": "ゲストブックに新しい書き込み{new}件",
        "waiting": "承認待ち{held}件",
        "subject": "[{site}] {news}",
        "and": "、",
        "held": "承認待ち",
        "in": "{room}",
        "more": "…ほか{count}件。",
        "desk": "返事・承認・非表示はこちらから：",
        "why": "config.tomlのguestbook.notices.mailにこのアドレスが書かれているため、お送りしています。",
        "test": "これはテストです。ゲストブックからのメールは届いています。",
        "test_subject": "ゲストブックからのテスト",
    },
}


@dataclass(frozen=True, slots=True)
class Told:
    """An entry that the owner is told of."""

    id: str
    room: str
    name: str
    body: str
    link: str | None
    at: datetime
    held: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """News for the owner: the new entries, how many there are in all, and how many wait."""

    site: str
    desk: str  # the address of the study's guestbook; "" where nobody knows it
    language: str
    entries: Sequence[Told]
    new: int
    held: int
    test: bool = False

    @property
    def words(self) -> Mapping[str, str]:
        """Return the words of its language."""
        return WORDS.get(self.language, WORDS["en"])

    @property
    def news(self) -> str:
        """Say in a line what is new."""
        if self.test:
            return self.words["test_subject"]
        parts = [self.words["new"].format(new=self.new)] if self.new else []
        parts += [self.words["waiting"].format(held=self.held)] if self.held else []
        return self.words["and"].join(parts)


def subject(notice: Notice) -> str:
    """Return a mail's subject: one line, without a word of a visitor's."""
    return _one_line(notice.words["subject"].format(site=notice.site, news=notice.news))


def letter(notice: Notice) -> str:
    """Return a mail's text."""
    words = notice.words
    parts = [words["test"]] if notice.test else [_told(entry, words) for entry in notice.entries[:TOLD]]
    if (more := notice.new - len(notice.entries[:TOLD])) > 0:
        parts.append(words["more"].format(count=more))
    if notice.desk:
        parts.append(f"{words['desk']}\n{notice.desk}")
    return "\n\n".join(parts) + f"\n\n-- \n{words['why']}\n"


def line(notice: Notice) -> str:
    """Return what a chat shows: the news and a few entries, in which no mark-up and no call works."""
    parts = [f"{_inert(notice.site)}: {notice.news}"]
    for entry in notice.entries[:3]:
        cut = entry.body if len(entry.body) <= _EXCERPT else f"{entry.body[:_EXCERPT]}…"
        parts.append(f"{_inert(entry.name)}: {_inert(cut)}")
    if notice.desk:
        parts.append(notice.desk)
    return "\n".join(parts)


def _told(entry: Told, words: Mapping[str, str]) -> str:
    place = words["in"].format(room=_one_line(entry.room))
    state = f" ({words['held']})" if entry.held else ""
    head = f"— {_one_line(entry.name)} · {place} · {entry.at:%Y-%m-%d %H:%M} UTC{state}"
    # Indented, no line of a visitor's can pass for one of ours.
    body = "\n".join(f"    {part}" for part in entry.body.splitlines())
    link = f"\n    <{_one_line(entry.link)}>" if entry.link else ""
    return f"{head}\n{body}{link}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _inert(text: str) -> str:
    """Take their power from what chats act on: @everyone, <!channel>, [masked](links), addresses, *bold*."""
    text = _one_line(text).replace("<", "‹").replace(">", "›").replace("&", "＆").replace("](", "] (")
    text = re.sub(r"@(?=\S)", "@\u200b", text)
    text = re.sub(r"(?i)\b(https?|ftp|mailto|javascript|data):", "\\1\u200b:", text)
    return re.sub(r"([*_~`|\\])", "\u200b\\1", text)
