"""How the owner hears of new entries: mail, a webhook, and a feed with a private address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, url_for
from werkzeug.wrappers import Response as BaseResponse

from meishi.admin import csrf
from meishi.admin.guestbook_deeds import answered
from meishi.admin.guestbook_door import guestbook_of
from meishi.admin.guestbook_pages import page
from meishi.admin.guestbook_words import room_title
from meishi.admin.identity import site_title
from meishi.admin.language import _, chosen
from meishi.admin.sentences import explained
from meishi.admin.shell import Shell
from meishi.admin.study import Study
from meishi.config.guestbook import LOBBY
from meishi.guestbook.models import Record, Wanted
from meishi.guestbook.notice_channels import NoticeError
from meishi.guestbook.notices import Post

if TYPE_CHECKING:
    from meishi.guestbook.service import Guestbook

#: So many entries stand in the feed.
_FEED = 40
_GENERATION = "feed-generation"


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of the feed. One that waits has no text here: readers keep what they have read."""

    record: Record
    title: str
    body: str


def register(blueprint: Blueprint, study: Study, shell: Shell) -> None:
    """Add the notices and the feed."""
    _add_page(blueprint, study, shell)
    _add_feed(blueprint, study, shell)


def _add_page(blueprint: Blueprint, study: Study, shell: Shell) -> None:
    @blueprint.get("/guestbook/notices")
    def guestbook_notices() -> Response:
        """Show how the owner hears of new entries."""
        found = guestbook_of(study)
        settings = found.settings.notices
        posts: dict[str, Post] = study.notices.posts() if study.notices else {}
        return page(
            "guestbook_notices.html",
            found,
            settings=settings,
            posts=posts,
            moment=datetime.fromtimestamp,
            zone=study.now().tzinfo,
            feed=_feed_address(study, found) if settings.feed else None,
        )

    @blueprint.post("/guestbook/notices/test/<name>")
    def guestbook_test(name: str) -> BaseResponse:
        """Send a test to the owner."""
        guestbook_of(study)
        if study.notices is None:
            abort(404)
        try:
            study.notices.test(name)
        except NoticeError as error:
            return answered(shell, explained(error), kind="error", status=422)
        return answered(shell, _("Sent. See whether it arrives."), count=1)


def _add_feed(blueprint: Blueprint, study: Study, shell: Shell) -> None:
    @blueprint.get("/guestbook/feed/<token>.atom")
    def guestbook_feed(token: str) -> Response:
        """Answer a feed reader that knows the private address."""
        found = guestbook_of(study)
        if not found.settings.notices.feed or not csrf.same(token, _token(study, found)):
            abort(404)
        answer = page(
            "guestbook_feed.xml",
            found,
            title=_("%(site)s: guestbook", site=site_title(study, chosen())),
            items=[_item(found, record) for record in _newest(found)],
            own=_feed_address(study, found),
            desk=url_for("admin.guestbook", _external=True),
            now=study.now(),
        )
        answer.headers["Content-Type"] = "application/atom+xml; charset=utf-8"
        answer.headers["X-Robots-Tag"] = "noindex"
        return answer

    @blueprint.post("/guestbook/feed/renew")
    def guestbook_renew_feed() -> BaseResponse:
        """Give the feed another address; the old one ends."""
        guestbook_of(study).put_note(_GENERATION, study.random(8).hex())
        return answered(shell, _("The feed has a new address. The old one no longer works."), count=1)


def _newest(guestbook: Guestbook) -> list[Record]:
    found = guestbook.search(Wanted(states=("shown", "held")), limit=_FEED).records
    return [record for record in found if not record.entry.owner]


def _item(guestbook: Guestbook, record: Record) -> Item:
    rooms = {room.slug: room for room in guestbook.rooms()}
    room = room_title(rooms, record.room)
    if record.state == "held":
        title = _("An entry waits for you (%(room)s)", room=room)
        return Item(record, title, _("Its text is shown in the study only."))
    name = record.entry.name
    title = name if record.room == LOBBY else _("%(name)s in %(room)s", name=name, room=room)
    link = f"\n\n{record.entry.link}" if record.entry.link else ""
    return Item(record, title, f"{record.entry.body}{link}")


def _token(study: Study, guestbook: Guestbook) -> str:
    return study.secret.sign("guestbook-feed", guestbook.note(_GENERATION) or "")[:40]


def _feed_address(study: Study, guestbook: Guestbook) -> str:
    return url_for("admin.guestbook_feed", token=_token(study, guestbook), _external=True)
