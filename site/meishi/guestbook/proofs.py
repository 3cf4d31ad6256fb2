"""A small proof of work, asked only of the suspicious; ALTCHA's, solved by the browser itself.

The browser looks for a `counter` whose PBKDF2 key, of the password `nonce ∥ counter as 4 bytes, the highest
first` and the salt, begins with `keyPrefix`. It answers with base64 of the JSON
`{"challenge": …as it came, "solution": {"counter": n, "derivedKey": hex}}`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from meishi.config.secret import Secret
from meishi.guestbook.models import Ref

#: About 256 tries of so many rounds: a second for a browser, nothing for a person, much for thousands.
ROUNDS = 2000
PREFIX = "00"
LIFETIME = 1200.0
#: What a browser answers that cannot work it out, such as on a page without https.
NONE = "none"
_LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Proofs:
    """Make challenges for one entry each, and check the answers."""

    secret: Secret

    def challenge(self, ref: Ref, now: datetime) -> Mapping[str, Any]:
        """Return what the visitor's machine shall work out."""
        from altcha import create_challenge

        made: Mapping[str, Any] = create_challenge(
            "PBKDF2/SHA-256",
            ROUNDS,
            key_prefix=PREFIX,
            data={"entry": ref.id, "room": ref.room, "until": int(now.timestamp() + LIFETIME)},
            hmac_secret=self._key(),
        ).to_dict()
        return made

    def is_good(self, proof: str, ref: Ref, now: datetime) -> bool:
        """Tell whether a proof is right, not too old, and was made for this entry."""
        from altcha import verify_solution

        if not proof or proof == NONE or len(proof) > _LONGEST:
            return False
        try:
            data = json.loads(base64.b64decode(proof))["challenge"]["parameters"]["data"]
            mine = Ref(data["room"], data["entry"]) == ref and float(data["until"]) >= now.timestamp()
        except (ValueError, KeyError, TypeError, RecursionError):
            return False
        return mine and verify_solution(proof, self._key()).verified

    def _key(self) -> str:
        return self.secret.derive("guestbook proof").hex()
