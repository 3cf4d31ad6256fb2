"""Passkeys (WebAuthn): the second way in, which nobody can guess or copy."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

from meishi.admin.database import Database
from meishi.config.secret import Random
from meishi.errors import MeishiError

#: Seconds that the browser has to answer.
_PATIENCE = 300.0
#: Strangers can ask for challenges: no more than this many wait at a time.
_WAITING = 500


class PasskeyError(MeishiError):
    """Reject what an authenticator sent."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the browser stands: passkeys belong to a host name."""

    origin: str
    host: str

    @property
    def suitable(self) -> bool:
        """Tell whether browsers make passkeys here: for names, and only over HTTPS or on localhost."""
        try:
            ip_address(self.host.strip("[]"))
        except ValueError:
            local = self.host == "localhost" or self.host.endswith(".localhost")
            return self.origin.startswith("https://") or local
        return False


@dataclass(frozen=True, slots=True)
class Passkey:
    """One key that the owner registered."""

    id: str
    name: str
    host: str
    created: datetime
    used: datetime | None


@dataclass(frozen=True, slots=True)
class Passkeys:
    """Register, list, use and remove passkeys."""

    database: Database
    now: Callable[[], datetime]
    random: Random

    def all(self) -> list[Passkey]:
        """List the passkeys, the oldest first."""
        with self.database.reading() as rows:
            found = rows.execute(
                "select id, name, host, created, used from passkeys order by created"
            ).fetchall()
        return [
            Passkey(row["id"].hex(), row["name"], row["host"], _moment(row["created"]), _used(row["used"]))
            for row in found
        ]

    def usable(self, place: Place) -> bool:
        """Tell whether one of them works at this address."""
        with self.database.reading() as rows:
            found = rows.execute("select 1 from passkeys where host = ?", (place.host,)).fetchone()
        return found is not None and place.suitable

    def remove(self, id: str) -> None:  # noqa: A002
        """Forget a passkey."""
        with self.database.writing() as rows:
            rows.execute("delete from passkeys where hex(id) = upper(?)", (id,))

    def remove_all(self) -> None:
        """Forget every passkey."""
        with self.database.writing() as rows:
            rows.execute("delete from passkeys")

    def registration(self, place: Place, holder: str, handle: bytes, title: str) -> dict[str, Any]:
        """Return what the browser needs to make a passkey."""
        from webauthn import generate_registration_options, options_to_json
        from webauthn.helpers.structs import (
            AuthenticatorSelectionCriteria,
            PublicKeyCredentialDescriptor,
            ResidentKeyRequirement,
            UserVerificationRequirement,
        )

        with self.database.reading() as rows:
            known = rows.execute("select id from passkeys where host = ?", (place.host,)).fetchall()
        options = generate_registration_options(
            rp_id=place.host,
            rp_name=title or place.host,
            user_name=title or "owner",
            user_display_name=title or "owner",
            user_id=handle,
            challenge=self._challenge(holder, "register"),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=row["id"]) for row in known],
        )
        return _as_dict(options_to_json(options))

    def register(self, place: Place, holder: str, credential: dict[str, Any], name: str) -> None:
        """Keep the passkey that the browser made."""
        from webauthn import verify_registration_response
        from webauthn.helpers.exceptions import WebAuthnException

        challenge = self._answered(holder, "register")
        try:
            verified = verify_registration_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=place.host,
                expected_origin=place.origin,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError, AttributeError) as error:
            raise PasskeyError("the browser's passkey does not hold", hint="Try again") from error
        transports = (credential.get("response") or {}).get("transports") or []
        kept = json.dumps([text for text in transports if isinstance(text, str)][:9])
        with self.database.writing() as rows:
            rows.execute(
                "insert or ignore into passkeys values (?, ?, ?, ?, ?, ?, ?, null)",
                (
                    verified.credential_id, verified.credential_public_key, verified.sign_count, kept,
                    place.host, name.strip()[:80], self.now().timestamp(),
                ),
            )  # fmt: skip

    def request(self, place: Place, holder: str) -> dict[str, Any]:
        """Return what the browser needs to sign in; it names no key, so strangers learn nothing."""
        from webauthn import generate_authentication_options, options_to_json
        from webauthn.helpers.structs import UserVerificationRequirement

        options = generate_authentication_options(
            rp_id=place.host,
            challenge=self._challenge(holder, "sign in"),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return _as_dict(options_to_json(options))

    def check(self, place: Place, holder: str, credential: dict[str, Any]) -> None:
        """Accept the browser's answer, or say that it is not the owner's."""
        from webauthn import verify_authentication_response
        from webauthn.helpers import base64url_to_bytes
        from webauthn.helpers.exceptions import WebAuthnException

        challenge = self._answered(holder, "sign in")
        wrong = PasskeyError("this passkey is not known here", hint="Use your password, then add the passkey")
        try:
            key = base64url_to_bytes(credential["id"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise wrong from error
        with self.database.writing() as rows:
            row = rows.execute(
                "select public_key, sign_count from passkeys where id = ? and host = ?", (key, place.host)
            ).fetchone()
            if row is None:
                raise wrong
            try:
                verified = verify_authentication_response(
                    credential=credential,
                    expected_challenge=challenge,
                    expected_rp_id=place.host,
                    expected_origin=place.origin,
                    credential_public_key=row["public_key"],
                    credential_current_sign_count=row["sign_count"],
                    require_user_verification=True,
                )
            except (WebAuthnException, ValueError, KeyError, TypeError, AttributeError) as error:
                raise wrong from error
            rows.execute(
                "update passkeys set sign_count = ?, used = ? where id = ?",
                (verified.new_sign_count, self.now().timestamp(), key),
            )

    def _challenge(self, holder: str, purpose: str) -> bytes:
        challenge = self.random(32)
        now = self.now().timestamp()
        with self.database.writing() as rows:
            rows.execute("delete from challenges where expires <= ?", (now,))
            rows.execute(
                "delete from challenges where rowid in"
                " (select rowid from challenges order by expires desc limit -1 offset ?)",
                (_WAITING,),
            )
            rows.execute(
                "replace into challenges values (?, ?, ?, ?)", (holder, purpose, challenge, now + _PATIENCE)
            )
        return challenge

    def _answered(self, holder: str, purpose: str) -> bytes:
        """Take the challenge that waits for an answer: each is good for one."""
        with self.database.writing() as rows:
            row = rows.execute(
                "delete from challenges where holder = ? and purpose = ? returning challenge, expires",
                (holder, purpose),
            ).fetchone()
        if row is None or row["expires"] <= self.now().timestamp():
            raise PasskeyError("that took too long", hint="Try again")
        return bytes(row["challenge"])


def _as_dict(text: str) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(text)
    return parsed


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _used(seconds: float | None) -> datetime | None:
    return None if seconds is None else _moment(seconds)
