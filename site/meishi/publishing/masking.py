"""Keep secrets out of whatever people or files get to see."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote

_SECRET_NAME = re.compile(r"TOKEN|SECRET|PASSWORD|PASSWD", re.IGNORECASE)
#: What GitHub gives out, wherever it comes from; user names and passwords in addresses.
_TOKEN = re.compile(r"\b(?:gh[a-z]_\w{16,}|github_pat_\w{20,})")
_USER = re.compile(r"(?<=://)[^/\s@\"'<>]+@")
_HEADER = re.compile(r"(authorization:\s*(?:basic|bearer|token)\s+)[^\s\"']+", re.IGNORECASE)
HIDDEN = "•••"


class Mask:
    """Replace secrets in a text."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        """Know these secrets; very short ones would hide words of the language."""
        forms: set[str] = set()
        for secret in secrets:
            if len(secret) >= 6:
                basic = base64.b64encode(f"x-access-token:{secret}".encode()).decode()
                forms |= {secret, basic, quote(secret, safe=""), json.dumps(secret)[1:-1]}
        self._forms = sorted(forms, key=len, reverse=True)

    @classmethod
    def of_environment(cls, environ: Mapping[str, str]) -> Mask:
        """Know every variable whose name says that it is a secret."""
        return cls(value for name, value in environ.items() if _SECRET_NAME.search(name))

    def __call__(self, text: str) -> str:
        """Return the text without secrets."""
        for form in self._forms:
            text = text.replace(form, HIDDEN)
        text = _HEADER.sub(rf"\1{HIDDEN}", _TOKEN.sub(HIDDEN, text))
        return _USER.sub(_without_password, text)


def _without_password(found: re.Match[str]) -> str:
    # "git@" in an ssh address is no secret, and helps to read it.
    return found[0] if found[0] == "git@" else f"{HIDDEN}@"
