"""The guestbook by HTTP: what is read as JSON, the form that works without JavaScript, private links."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flask import Flask, Response, abort, jsonify, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from meishi.config.guestbook import LOBBY
from meishi.errors import MeishiError
from meishi.guestbook.errors import GuestbookBusyError, UnknownRoomError
from meishi.guestbook.models import Changes, Outcome, Visitor
from meishi.live.guestbook import LiveGuestbook
from meishi.live.guestbook_guest import BadRequestError, author_token, entry_id, language, signing, text
from meishi.live.guestbook_words import PATIENCE, refusal
from meishi.live.lines import household
from meishi.web.guestbook_form import form_page
from meishi.web.public import PublicSite
from meishi.web.source import CurrentSite

if TYPE_CHECKING:
    from meishi.guestbook.service import Guestbook
    from meishi.live.guestbook_sockets import Sockets

#: Bytes of a request.
_MOST = 64 * 1024
#: Keeps who an author is, for those who write without JavaScript.
_COOKIE = "meishi_author"
_YEAR = 31_536_000
#: The header in which a browser that polls says who it is.
_AUTHOR = "X-Meishi-Author"
_STATUS = {
    "bad_request": 400, "banned": 403, "not_yours": 403, "unknown_room": 404, "gone": 410,
    "rate_limited": 429, "room_slow": 429, "try_again": 503, "full": 503,
}  # fmt: skip


def install_guestbook_forms(app: Flask, live: LiveGuestbook, source: CurrentSite) -> None:
    """Add the guestbook's addresses to an app."""
    forms = _Forms(live, source)
    rules: list[tuple[str, str, Callable[..., BaseResponse], list[str]]] = [
        ("/guestbook/<room>.json", "read", forms.read, ["GET", "OPTIONS"]),
        ("/guestbook/.json", "read_page", forms.read, ["GET", "OPTIONS"]),
        ("/guestbook/", "sign_lobby", forms.post, ["POST", "OPTIONS"]),
        ("/guestbook/<room>/", "sign", forms.post, ["POST", "OPTIONS"]),
        ("/<path:page>", "sign_page", forms.post_page, ["POST"]),
        ("/guestbook/mine/<token>", "mine", forms.mine, ["GET", "POST"]),
    ]
    for rule, name, view, methods in rules:
        app.add_url_rule(rule, f"guestbook.{name}", view, methods=methods, provide_automatic_options=False)


class _Forms:
    """Answer for the guestbook's addresses."""

    def __init__(self, live: LiveGuestbook, source: CurrentSite) -> None:
        self._live = live
        self._source = source

    # Reading

    def read(self, room: str = "") -> Response:
        """Answer as the event `join` does; with the ETag of last time, 304 says that nothing happened."""
        if request.method == "OPTIONS":
            return self._shared(Response(status=204))
        guestbook, sockets = self._opened()
        slug = room or request.args.get("room", "") or LOBBY
        said = language(request.args)
        try:
            if "before" in request.args:
                return self._older(guestbook, slug)
            told = sockets.readings.read(slug, _position("after"), request.args.get("epoch", "")[:64])
            visitor = Visitor(author=author_token({"author": request.headers.get(_AUTHOR)}), language=said)
            own = guestbook.own(visitor, slug) if visitor.author else ()
        except BadRequestError as error:
            return self._refused(_wrong(error, said))
        except UnknownRoomError:
            return self._refused(refusal("unknown_room", said))
        except GuestbookBusyError:
            return self._refused(refusal("try_again", said, PATIENCE))
        here = sockets.presence.here(slug)
        people = {"here": here.people, "owner_here": here.owner}
        answer = jsonify({**told, **people, "ok": True, "own": [record.as_own() for record in own]}
                         | {"ticket": guestbook.ticket()})  # fmt: skip
        answer.headers["Cache-Control"] = "no-cache"
        rules = (told["epoch"], told["head"], told["mode"], told["slow"], told["paused"], len(own), people)
        answer.set_etag(blake2b(repr(rules).encode(), digest_size=9).hexdigest(), weak=True)
        answer.make_conditional(request)
        return self._shared(answer)

    def _older(self, guestbook: Guestbook, slug: str) -> Response:
        """Answer as the event `older` does."""
        found = guestbook.older(slug, before=_position("before"))
        answer = jsonify(ok=True, entries=[entry.as_json() for entry in found])
        # Any of them may be edited or taken away: a kept answer has to be asked about.
        answer.headers["Cache-Control"] = "no-cache"
        answer.add_etag(weak=True)
        answer.make_conditional(request)
        return self._shared(answer)

    # Writing

    def post_page(self, page: str) -> BaseResponse:
        """Take an entry that is pinned to a page."""
        if not self._source.current().has_guestbook(f"/{page}"):
            abort(405)
        return self.post(f"/{page}")

    def post(self, room: str = LOBBY) -> BaseResponse:
        """Take an entry, or what is to become of one's own."""
        if request.method == "OPTIONS":
            return self._shared(Response(status=204))
        request.max_content_length = _MOST
        guestbook, sockets = self._opened()
        if not self._live.origins.allows(request.headers.get("Origin"), request.environ):
            abort(403)
        given, plain = self._given()
        said = language(given)
        author = author_token(given)
        if plain and not author:
            author = author_token({"author": request.cookies.get(_COOKIE)}) or secrets.token_urlsafe(24)
        visitor = Visitor(author, household(request.remote_addr or ""), said)
        try:
            outcome = self._done(guestbook, sockets, {**given, "room": room}, visitor, plain)
        except BadRequestError as error:
            outcome = _wrong(error, said)
        except GuestbookBusyError:
            outcome = refusal("try_again", said, PATIENCE)
        except UnknownRoomError:
            outcome = refusal("unknown_room", said)
        if not plain:
            return self._refused(outcome) if not outcome.ok else self._shared(jsonify(outcome.as_json()))
        answer = self._page(room, said, given, outcome)
        answer.set_cookie(
            _COOKIE, author, max_age=_YEAR, path=request.script_root or "/", secure=request.is_secure,
            httponly=True, samesite="Lax",
        )  # fmt: skip
        return answer

    def _done(
        self, guestbook: Guestbook, sockets: Sockets, given: Mapping[str, Any], visitor: Visitor, plain: bool
    ) -> Outcome:
        action, room, token = text(given, "action", 20), given["room"], text(given, "token", 500)
        if action == "edit":
            return guestbook.edit(room, entry_id(given), token, _changes(given), visitor)
        if action == "erase":
            return guestbook.erase(room, entry_id(given), token, visitor)
        if action == "forget":
            return guestbook.forget(visitor, token)
        if action not in ("", "sign"):
            raise BadRequestError("action")
        # A form of a page that was made long ago has no id and no ticket yet.
        made = {**given, "id": given.get("id") or str(uuid.uuid4())}
        return sockets.sign(signing(made, visitor, scripted=not plain))

    def _given(self) -> tuple[Mapping[str, Any], bool]:
        """Return what was sent, and whether it is a form that wants a page."""
        if request.is_json:
            found = request.get_json(silent=True)
            return (found if isinstance(found, Mapping) else {}), False
        given = dict(request.form.items())
        given["trap"] = given.pop("website", "") or given.get("trap", "")
        wants = request.accept_mimetypes.best_match(["text/html", "application/json"], "text/html")
        return given, wants == "text/html"

    # Answers

    def _page(self, room: str, said: str, given: Mapping[str, Any], outcome: Outcome) -> BaseResponse:
        """Lead on to the entry; or show the form again, with what is wrong and what was written."""
        site = self._source.current()
        if outcome.ok:
            return redirect(self._onward(site, room, said, given, outcome), code=303)
        values = {name: str(value) for name, value in given.items()}
        if outcome.ticket:
            values["ticket"] = outcome.ticket
        if site.room_target(room, said) is None:
            abort(_STATUS.get(outcome.code, 422) if outcome.code != "unknown_room" else 404)
        html = form_page(site, room, said, values=values, error=outcome.message, field=outcome.field)
        answer = Response(html, status=_STATUS.get(outcome.code, 422), mimetype="text/html")
        answer.headers["Cache-Control"] = "no-store"
        if outcome.wait:
            answer.headers["Retry-After"] = str(outcome.wait)
        return answer

    def _onward(
        self, site: PublicSite, room: str, said: str, given: Mapping[str, Any], outcome: Outcome
    ) -> str:
        record = outcome.record
        if record is not None and record.state != "shown" and outcome.token:
            # Only its author sees it so far; here is where it can be found again.
            return f"{request.script_root}/guestbook/mine/{quote(outcome.token)}"
        back = str(given.get("back", ""))
        target = site.targets().get(back) or site.room_target(room, said)
        address = target.address if target is not None else "/"
        fragment = f"#entry-{record.entry.number}" if record is not None and record.entry.number else ""
        return request.script_root + quote(address) + fragment

    def mine(self, token: str) -> BaseResponse:
        """Answer for the private link to an entry."""
        from meishi.live.guestbook_mine import answer_mine

        request.max_content_length = _MOST
        guestbook, _ = self._opened()
        return answer_mine(guestbook, self._live.origins, self._source.current(), token)

    def _refused(self, outcome: Outcome) -> Response:
        answer = jsonify(outcome.as_json())
        answer.status_code = _STATUS.get(outcome.code, 422)
        answer.headers["Cache-Control"] = "no-store"
        if outcome.wait:
            answer.headers["Retry-After"] = str(outcome.wait)
        return self._shared(answer)

    def _shared(self, answer: Response) -> Response:
        """Let the scripts of allowed pages read an answer."""
        origin = request.headers.get("Origin")
        answer.headers.add("Vary", "Origin")
        if origin and self._live.origins.allows(origin, request.environ):
            answer.headers["Access-Control-Allow-Origin"] = origin
            answer.headers["Access-Control-Expose-Headers"] = "ETag, Retry-After"
            if request.method == "OPTIONS":
                answer.headers["Access-Control-Allow-Methods"] = "GET, POST"
                answer.headers["Access-Control-Allow-Headers"] = f"Content-Type, If-None-Match, {_AUTHOR}"
                answer.headers["Access-Control-Max-Age"] = "600"
        return answer

    def _opened(self) -> tuple[Guestbook, Sockets]:
        try:
            guestbook, sockets = self._live.current(), self._live.sockets()
        except MeishiError as error:
            self._live.log.error("%s", error)
            abort(503)
        if guestbook is None or sockets is None:
            abort(404)
        return guestbook, sockets


def _position(name: str) -> int:
    """Read a position or an entry's number from the query."""
    written = request.args.get(name, "0")
    if not written.isascii() or not written.isdigit() or len(written) > 15:
        raise BadRequestError(name)
    return int(written)


def _wrong(error: BadRequestError, said: str) -> Outcome:
    return replace(refusal("bad_request", said), field=str(error))


def _changes(given: Mapping[str, Any]) -> Changes:
    return Changes(
        **{name: text(given, name) if name in given else None for name in ("body", "name", "link")}
    )
