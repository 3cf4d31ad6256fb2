"""Tell the owner of new entries: once, by whichever process comes first, and again when it failed."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from meishi.guestbook.errors import GuestbookError
from meishi.guestbook.models import Announcement, QueueChange, Record, Wanted
from meishi.guestbook.notice_channels import Channel, NoticeError
from meishi.guestbook.notice_texts import TOLD, Notice, Told
from meishi.guestbook.unread import read_up_to

if TYPE_CHECKING:
    from meishi.guestbook.service import Guestbook

#: Seconds: what comes so close together is told together; how long one attempt may take; and how often
#: somebody looks although nothing was heard, as another process may have died over it.
SETTLE, LEASE, LOOK = 2.0, 120.0, 60.0
#: Seconds between two mails, and between two calls of a webhook.
PAUSES = {"mail": 300.0, "webhook": 10.0}
#: Seconds after which a failed notice is tried again: doubled each time, up to the second number.
_FIRST, _LAST = 60.0, 3600.0

log = logging.getLogger("meishi.guestbook")


@dataclass(frozen=True, slots=True)
class Site:
    """What a notice says of the site: its name, its language, and where its study is."""

    title: str
    language: str
    desk: str


@dataclass(frozen=True, slots=True)
class Post:
    """How a channel stands: up to which arrivals it has told, when, and what went wrong since."""

    told: Mapping[str, int] = field(default_factory=dict)
    sent: float = 0.0
    failures: int = 0
    error: str = ""
    later: float = 0.0  # not before this moment


@dataclass(frozen=True, slots=True)
class Means:
    """What notices are made with; everything is asked for anew each time, as settings change."""

    guestbook: Callable[[], Guestbook | None]
    channels: Callable[[], Sequence[Channel]]
    site: Callable[[], Site]
    now: Callable[[], datetime]
    settle: float = SETTLE


class Notices:
    """Watch a guestbook and tell its owner; the thread begins with the first entry, or by `start`."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._lock = threading.Lock()
        self._woken, self._stopped = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def hear(self, announcement: Announcement) -> None:
        """Take what the guestbook announces: a new entry wakes the thread."""
        if isinstance(announcement, QueueChange) and announcement.records and self._means.channels():
            self.start()
            self._woken.set()

    def start(self) -> None:
        """Begin, if it has not begun yet; what nobody was told of yet is told now."""
        with self._lock:
            if self._thread is None and not self._stopped.is_set():
                self._thread = threading.Thread(target=self._run, name="guestbook-notices", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """End; what was not told is told after the next start."""
        self._stopped.set()
        self._woken.set()
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None:
            thread.join(2)

    def test(self, name: str) -> None:
        """Send a test on a channel, or raise NoticeError."""
        site = self._means.site()
        for channel in self._means.channels():
            if channel.name == name:
                channel.send(Notice(site.title, site.desk, site.language, (), 0, 0, test=True))
                return
        raise NoticeError("nothing is set up for that", hint="Look at docs/guestbook.md")

    def posts(self) -> dict[str, Post]:
        """Return how each channel stands."""
        guestbook = self._means.guestbook()
        if guestbook is None:
            return {}
        return {channel.name: _post(guestbook, channel.name) for channel in self._means.channels()}

    def round(self) -> float:
        """Tell what is new on every channel; return after how many seconds to look again."""
        guestbook = self._means.guestbook()
        if guestbook is None:
            return LOOK
        waits = [LOOK]
        for channel in self._means.channels():
            key = f"notice-{channel.name}"
            if not guestbook.claim(key, LEASE):
                waits.append(max(0.5, self._means.settle))  # another process is at it
                continue
            try:
                waits.append(self._tell(guestbook, channel))
            finally:
                guestbook.release(key)
        return min(waits)

    def _run(self) -> None:
        wait = 0.0
        while not self._stopped.is_set():
            if wait and self._woken.wait(wait):
                self._stopped.wait(self._means.settle)
            self._woken.clear()
            if self._stopped.is_set():
                return
            try:
                wait = self.round()
            except GuestbookError as error:
                log.warning("The owner could not be told: %s", error)
                wait = LOOK
            except Exception:
                # A mistake of ours must not end the notices for good.
                log.exception("The owner could not be told")
                wait = LOOK

    def _tell(self, guestbook: Guestbook, channel: Channel) -> float:
        """Tell what is new on a channel; return after how many seconds to look again."""
        post, now = _post(guestbook, channel.name), self._means.now().timestamp()
        arrivals, news = self._news(guestbook, post)
        if not arrivals:
            return LOOK
        if news is not None:
            if now < post.later:
                return max(0.5, post.later - now)
            try:
                channel.send(news)
            except NoticeError as error:
                failures = post.failures + 1
                later = float(min(_LAST, _FIRST * 2 ** min(failures - 1, 10)))
                log.warning("The owner could not be told: %s", error)
                failed = replace(post, failures=failures, error=str(error), later=now + later)
                guestbook.put_note(_key(channel.name), json.dumps(asdict(failed)))
                return later
            post = Post(sent=now, later=now + PAUSES.get(channel.name, 0.0))
        told = replace(post, told=arrivals)
        guestbook.put_note(_key(channel.name), json.dumps(asdict(told)))
        return LOOK

    def _news(self, guestbook: Guestbook, post: Post) -> tuple[Mapping[str, int], Notice | None]:
        """Return how far the rooms have come since the last notice, and what there is to tell of that."""
        heads, read = guestbook.heads(), read_up_to(guestbook)
        came = {slug: max(post.told.get(slug, 0), read.get(slug, 0)) for slug in heads}
        arrivals = {slug: head.arrival for slug, head in heads.items()}
        if all(arrivals[slug] <= post.told.get(slug, 0) for slug in arrivals):
            return {}, None
        about = guestbook.settings.notices.about
        states = {"all": ("shown", "held"), "held": ("held",)}.get(about, ())
        records: list[Record] = []
        rooms = {room.slug: room for room in guestbook.rooms()}
        for slug, since in came.items():
            if states and arrivals[slug] > since:
                found = guestbook.search(Wanted(room=slug, states=states), limit=200).records
                records += [one for one in found if one.arrival > since and not one.entry.owner]
        if not records:
            return arrivals, None
        site = self._means.site()
        records.sort(key=lambda record: record.serial)
        told = [
            _told(record, rooms[record.room].title(site.language) if record.room in rooms else "")
            for record in records[-TOLD:]
        ]
        held = sum(head.held for head in heads.values())
        return arrivals, Notice(site.title, site.desk, site.language, told, len(records), held)


def _told(record: Record, title: str) -> Told:
    entry, held = record.entry, record.state == "held"
    return Told(entry.id, title or record.room, entry.name, entry.body, entry.link, entry.at, held)


def _key(channel: str) -> str:
    return f"notices-of-{channel}"


def _post(guestbook: Guestbook, channel: str) -> Post:
    try:
        found = json.loads(guestbook.note(_key(channel)) or "{}")
        return Post(**{**found, "told": {str(slug): int(at) for slug, at in found.get("told", {}).items()}})
    except (ValueError, TypeError, AttributeError):
        return Post()
