"""The namespace /guestbook: each event is answered, whatever happens; docs/guestbook-protocol.md says how."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from socketio import Namespace
from socketio.exceptions import ConnectionRefusedError as RefusedError
from socketio.packet import ACK, EVENT
from werkzeug.http import parse_cookie

from meishi.config.guestbook import Rate
from meishi.guestbook.errors import GuestbookBusyError, UnknownRoomError
from meishi.guestbook.models import Changes, Outcome, Visitor
from meishi.guestbook.service import Guestbook
from meishi.live.budgets import Budget
from meishi.live.delivery import Delivery
from meishi.live.gate import LINE
from meishi.live.guestbook_batch import Batcher
from meishi.live.guestbook_guest import (
    ROOMS,
    VERSION,
    BadRequestError,
    Guest,
    author_token,
    entry_id,
    language,
    number,
    signing,
    text,
)  # fmt: skip
from meishi.live.guestbook_presence import Presence
from meishi.live.guestbook_reading import Readings
from meishi.live.guestbook_relay import OWNERS, Relay, author_name, room_name
from meishi.live.guestbook_withheld import Withheld
from meishi.live.guestbook_words import PATIENCE, refusal
from meishi.live.lines import Line
from meishi.live.origins import same_site
from meishi.live.packets import MALFORMED, GuestbookPacket
from meishi.live.packets import NAMESPACE as NAME

#: Refusals after which a connection is cut: that many are no accident.
_STRIKES = 500
_MALFORMED = 50

Answer = Mapping[str, Any]
#: Says to a writer what became of their wish.
Reply = Callable[[Answer], None]


class GuestbookNamespace(Namespace):  # type: ignore[misc]
    """Let visitors in, read rooms to them and take their entries."""

    def __init__(
        self,
        guestbook: Callable[[], Guestbook],
        batcher: Batcher,
        relay: Relay,
        presence: Presence,
        readings: Readings,
        withheld: Withheld,
        is_owner: Callable[[Mapping[str, str]], bool],
        now: Callable[[], float],
        log: logging.Logger,
    ) -> None:
        super().__init__(NAME)
        self._guestbook = guestbook
        self._batcher = batcher
        self._relay = relay
        self._presence = presence
        self._readings = readings
        self._withheld = withheld
        self._is_owner = is_owner
        self._now = now
        self._logger = log
        self._delivery = Delivery()
        self._guests: dict[str, Guest] = {}
        self._by_line: dict[Line, Guest] = {}
        self._handlers = {
            "join": self._join, "leave": self._leave, "sign": self._sign, "edit": self._edit,
            "erase": self._erase, "forget": self._forget, "older": self._older,
        }  # fmt: skip
        #: Set when the server stops.
        self.closed = False

    def trigger_event(self, event: str, *args: Any) -> None:
        """Handle what Socket.IO hands over; answers are sent from here, not by returning them."""
        if event == "connect":
            self._connect(*args)
        elif event == "disconnect":
            self._disconnect(args[0])
        elif guest := self._guests.get(args[0]):
            self._handle(guest, event, *args[1:3])

    def gone(self, line: Line) -> None:
        """Forget a connection that has ended, even one that left while it was being let in."""
        if guest := self._by_line.pop(line, None):
            self._disconnect(guest.sid)
            if self.server.manager.eio_sid_from_sid(guest.sid, NAME):
                self.server.manager.disconnect(guest.sid, NAME, ignore_queue=True)

    def guests(self) -> list[Guest]:
        """List who is connected."""
        return list(self._guests.values())

    def tell(self, event: str, data: Any, crowd: str | None) -> None:
        """Send an event to all who are in a crowd, or to everyone."""
        encoded = GuestbookPacket(EVENT, namespace=NAME, data=[event, data]).encode()
        members = self.server.manager.get_participants(NAME, crowd)
        guests = (self._guests.get(sid) for sid, _ in members)
        self._delivery.all(((guest.socket, guest.line) for guest in guests if guest), encoded)

    # Coming and going: nothing here may wait, as one who leaves meanwhile would stay for ever.

    def _connect(self, sid: str, environ: Mapping[str, Any], auth: Any = None) -> None:
        auth = auth if isinstance(auth, Mapping) else {}
        said = language(auth)
        if self.closed:
            raise RefusedError("try_again", refusal("try_again", said, PATIENCE).as_json())
        if auth.get("v", VERSION) != VERSION:
            raise RefusedError("bad_request", refusal("bad_request", said).as_json() | {"v": VERSION})
        line = environ[LINE]
        owner = auth.get("owner") is True
        # A page elsewhere that may use the guestbook must not speak as the owner.
        if owner and not (same_site(environ) and self._is_owner(parse_cookie(dict(environ)))):
            raise RefusedError("not_yours", refusal("not_yours", said).as_json())
        rate = self._rate()
        eio_sid = self.server.manager.eio_sid_from_sid(sid, NAME)
        budget = Budget(rate.count, rate.count / rate.seconds, self._now())
        guest = Guest(
            sid,
            self.server.eio.sockets[eio_sid],
            line,
            budget,
            author_token(auth),
            owner=owner,
            language=said,
        )
        line.greeted, line.sid = True, eio_sid
        self._guests[sid] = self._by_line[line] = guest
        if guest.author:
            guest.key = self._guestbook().author_key(guest.author)
            self.enter_room(sid, author_name(guest.key))
        if owner:
            self.enter_room(sid, OWNERS)
            self._presence.host(sid, line)

    def _disconnect(self, sid: str) -> None:
        guest = self._guests.pop(sid, None)
        if guest is None:
            return
        self._by_line.pop(guest.line, None)
        self._presence.unhost(sid)
        for room in guest.rooms:
            self._presence.leave(room, sid)
        guest.rooms.clear()

    def _rate(self) -> Rate:
        return self._guestbook().settings.limits.socket

    # Events

    def _handle(self, guest: Guest, event: str, data: Any, ack: int | None) -> None:
        def reply(answer: Answer) -> None:
            if ack is not None:
                packet = GuestbookPacket(ACK, namespace=NAME, id=ack, data=[answer])
                self._delivery.one(guest.socket, guest.line, packet.encode())

        if event == MALFORMED:
            self._strike(guest, _STRIKES // _MALFORMED)
            return
        wait = 0.0 if guest.owner else guest.budget.take(1, self._now())
        if wait:
            reply(refusal("rate_limited", guest.language, int(wait) + 1).as_json())
            self._strike(guest, 1)
            return
        reply_now = self._answer(guest, event, data, reply)
        if reply_now is not None:
            reply(reply_now)

    def _answer(self, guest: Guest, event: str, data: Any, reply: Reply) -> Answer | None:
        """Return what to say at once; None when the answer comes later."""
        handler = self._handlers.get(event)
        if handler is None or not isinstance(data, Mapping):
            self._strike(guest, 1)
            return refusal("bad_request", guest.language).as_json()
        try:
            guest.language = language(data, guest.language)
            return handler(guest, data, reply)
        except BadRequestError as error:
            return refusal("bad_request", guest.language).as_json() | {"field": str(error)}
        except UnknownRoomError:
            return refusal("unknown_room", guest.language).as_json()
        except GuestbookBusyError:
            return refusal("try_again", guest.language, PATIENCE).as_json()
        except Exception:
            self._logger.exception("guestbook: %s failed", event)
            return refusal("try_again", guest.language, PATIENCE).as_json()

    def _strike(self, guest: Guest, count: int) -> None:
        guest.strikes += count
        if guest.strikes > _STRIKES:
            guest.line.cut()

    def _join(self, guest: Guest, data: Mapping[str, Any], _reply: Reply) -> Answer:
        slug = text(data, "room", 300)
        if len(guest.rooms - {slug}) >= ROOMS:
            raise BadRequestError("room")
        after, epoch = number(data, "after"), text(data, "epoch", 64)
        # First into the room, then read: what comes between the two is then told twice rather than never.
        known = slug in guest.rooms
        self.enter_room(guest.sid, room_name(slug))
        try:
            told = self._readings.read(slug, after, epoch, follow=True)
            own = self._withheld.of(guest.key, guest.visitor(""), slug)
        except Exception:
            if not known:
                self.leave_room(guest.sid, room_name(slug))
            raise
        if not known and not guest.line.ended:
            guest.rooms.add(slug)
            if not guest.owner:  # who is told apart, and is no visitor
                self._presence.enter(slug, guest.sid, guest.line, guest.key)
        here = self._presence.about(slug)
        return {
            **told,
            "ok": True,
            "here": here.people,
            "owner_here": here.owner,
            "ticket": self._guestbook().ticket(),
            "own": [record.as_own() for record in own],
        }

    def _leave(self, guest: Guest, data: Mapping[str, Any], _reply: Reply) -> Answer:
        slug = text(data, "room", 300)
        if slug in guest.rooms:
            guest.rooms.discard(slug)
            self.leave_room(guest.sid, room_name(slug))
            self._presence.leave(slug, guest.sid)
        return {"ok": True}

    def _sign(self, guest: Guest, data: Mapping[str, Any], reply: Reply) -> None:
        wish = signing(data, self._visitor(guest)._replace(owner=False))
        self._batcher.add(wish, lambda outcome: reply(outcome.as_json()))

    def _edit(self, guest: Guest, data: Mapping[str, Any], _reply: Reply) -> Answer:
        given = {name: text(data, name) if name in data else None for name in ("body", "name", "link")}
        room, token = text(data, "room", 300), text(data, "token", 500)
        return self._said(
            self._guestbook().edit(room, entry_id(data), token, Changes(**given), self._visitor(guest))
        )

    def _erase(self, guest: Guest, data: Mapping[str, Any], _reply: Reply) -> Answer:
        room, token = text(data, "room", 300), text(data, "token", 500)
        return self._said(self._guestbook().erase(room, entry_id(data), token, self._visitor(guest)))

    def _forget(self, guest: Guest, data: Mapping[str, Any], _reply: Reply) -> Answer:
        return self._said(self._guestbook().forget(self._visitor(guest), text(data, "token", 500)))

    def _older(self, _guest: Guest, data: Mapping[str, Any], _reply: Reply) -> Answer:
        found = self._guestbook().older(text(data, "room", 300), before=number(data, "before"))
        return {"ok": True, "entries": [entry.as_json() for entry in found]}

    def _visitor(self, guest: Guest) -> Visitor:
        return guest.visitor(guest.line.address)

    @staticmethod
    def _said(outcome: Outcome) -> Answer:
        return outcome.as_json()
