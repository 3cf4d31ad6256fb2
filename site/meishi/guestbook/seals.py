"""What the server seals, so that it need not keep it: authors' keys, private links, form tickets."""

from __future__ import annotations

import base64
import hmac
import math
from dataclasses import dataclass, field
from datetime import datetime

from meishi.config.secret import Random, Secret
from meishi.guestbook.errors import NotYoursError
from meishi.guestbook.models import Ref

#: A ticket is good from so many seconds on (nobody writes faster), for so many.
TICKET_FROM = 2.0
TICKET_UNTIL = 12 * 3600.0
_REMEMBERED = 5000


@dataclass(frozen=True, slots=True)
class Seals:
    """Make and open what browsers keep for us."""

    secret: Secret
    random: Random
    _keys: dict[str, bytes] = field(default_factory=dict)
    _faces: dict[str, str] = field(default_factory=dict)

    def author_key(self, token: str) -> str:
        """Return by what the author with this secret token is known here."""
        return self._seal("guestbook author", token)[:32]

    def face(self, author: str) -> str:
        """Return from what an author's small picture is drawn: public, and leads back to nobody."""
        if author not in self._faces:
            if len(self._faces) > _REMEMBERED:
                self._faces.clear()
            self._faces[author] = self._seal("guestbook face", author)[:16]
        return self._faces[author]

    def entry_token(self, ref: Ref, author: str) -> str:
        """Return the secret with which an author edits an entry; it names the entry, too."""
        seal = self._seal("guestbook entry", f"{ref.room}\n{ref.id}\n{author}")[:32]
        return f"{_packed(f'{ref.id} {ref.room}')}.{seal}"

    def opened(self, token: str) -> Ref:
        """Return which entry a token names; whether it is good, `entry_token` tells."""
        packed, dot, _ = token.partition(".")
        try:
            id, _, room = base64.urlsafe_b64decode(packed + "==").decode().partition(" ")  # noqa: A001
        except ValueError:
            id = room = ""  # noqa: A001
        if not dot or not id or not room or len(token) > 1000:
            raise NotYoursError("this is no private link of an entry", hint="Copy the whole link")
        return Ref(room, id)

    def ticket(self, now: datetime) -> str:
        """Return a form ticket: the time, and something that makes each another."""
        content = f"{int(now.timestamp() * 1000):x}-{self.random(6).hex()}"
        return f"{content}-{self._seal('guestbook ticket', content)[:24]}"

    def ticket_wait(self, ticket: str, now: datetime) -> int | None:
        """Return 0 for a good ticket, the seconds until a young one is, None for one that never will be."""
        content, _, seal = ticket.rpartition("-")
        if not ticket.isascii() or not same(seal, self._seal("guestbook ticket", content)[:24]):
            return None
        age = now.timestamp() - int(content.partition("-")[0], 16) / 1000
        if age > TICKET_UNTIL:
            return None
        return max(0, math.ceil(TICKET_FROM - age))

    def _seal(self, purpose: str, message: str) -> str:
        key = self._keys.get(purpose)
        if key is None:
            key = self._keys[purpose] = self.secret.derive(purpose)
        return hmac.digest(key, message.encode("utf-8", "surrogatepass"), "sha256").hex()


def same(one: str, other: str) -> bool:
    """Compare secrets in a time that tells nothing."""
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))


def _packed(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
