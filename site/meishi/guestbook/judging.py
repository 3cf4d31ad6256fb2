"""Whether an entry is shown, held or refused: the room's mode, bans, limits and the score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from meishi.guestbook.ledger import Account
from meishi.guestbook.models import Outcome, Reason
from meishi.guestbook.outcomes import refused
from meishi.guestbook.parts import Parts
from meishi.guestbook.proofs import NONE
from meishi.guestbook.scoring import HELD, SUSPICIOUS, Draft, total
from meishi.guestbook.wishes import Wish


@dataclass(slots=True)
class Known:
    """What the database knows of the authors and texts of a batch."""

    #: Authors of whom something is shown, and texts that were said lately.
    approved: set[str] = field(default_factory=set)
    repeated: set[str] = field(default_factory=set)
    #: When an author wrote last in a room with slow mode, in milliseconds.
    latest: dict[tuple[str, str], int] = field(default_factory=dict)
    answered: set[tuple[str, str]] = field(default_factory=set)
    house_paused: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of an entry."""

    state: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Judge:
    """Judge wishes."""

    parts: Parts

    def judge(
        self, wish: Wish, account: Account, force: tuple[str, int], known: Known, now: int
    ) -> Verdict | Outcome:
        """Return the state of a new entry with the reasons, or the refusal."""
        if wish.signing.visitor.owner:
            return Verdict("shown", ())
        mode, slow = force
        refusal = self.closed(wish, account, mode, house_paused=known.house_paused)
        if refusal := refusal or self._too_early(wish, account, slow, known, now):
            return refusal
        first = wish.author not in known.approved
        reasons = self.reasons(wish, known)
        suspicious = total(reasons) >= SUSPICIOUS and not wish.signing.trap
        if suspicious and not self.parts.proofs.is_good(wish.signing.proof, wish.ref, self.parts.now()):
            if wish.signing.scripted and wish.signing.proof != NONE:
                return self._proof_wanted(wish)
            reasons = (*reasons, Reason("unproven", HELD))
        return verdict(mode, reasons, first=first)

    def reasons(self, wish: Wish, known: Known) -> tuple[Reason, ...]:
        """Return what speaks against an entry."""
        fields = wish.fields
        draft = Draft(
            name=fields.name,
            body=fields.body,
            link=fields.link,
            trapped=bool(wish.signing.trap),
            repeated=wish.likeness in known.repeated,
            first=wish.author not in known.approved,
        )
        return self.parts.rules.score.reasons(draft)

    def closed(self, wish: Wish, account: Account, mode: str, *, house_paused: bool) -> Outcome | None:
        """Return the refusal, where nothing is to be written at all."""
        language = wish.signing.visitor.language
        if mode == "read-only":
            return refused("read_only", language)
        return refused("paused", language) if account.paused or house_paused else None

    def _too_early(self, wish: Wish, account: Account, slow: int, known: Known, now: int) -> Outcome | None:
        if slow:
            since = (now - known.latest.get((wish.author, account.slug), -slow * 1000)) / 1000
            if since < slow:
                return refused("room_slow", wish.signing.visitor.language, wait=slow - since)
        return None

    def _proof_wanted(self, wish: Wish) -> Outcome:
        now = self.parts.now()
        challenge: Mapping[str, Any] = self.parts.proofs.challenge(wish.ref, now)
        return refused("proof_needed", wish.signing.visitor.language, challenge=challenge)


def verdict(mode: str, reasons: tuple[Reason, ...], *, first: bool) -> Verdict:
    """Return whether an entry is shown at once in this mode."""
    linked = any(reason.code == "links" for reason in reasons)
    by_mode = {"hold-first": first, "hold-links": linked, "hold-all": True}.get(mode, False)
    if by_mode and mode == "hold-all":
        reasons = (*reasons, Reason("mode"))
    return Verdict("held" if by_mode or total(reasons) >= HELD else "shown", reasons)
