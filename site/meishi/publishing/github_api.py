"""GitHub's API, as far as publishing needs it."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from meishi import __version__
from meishi.errors import RemoteError

ADDRESS = "https://api.github.com"


@dataclass(frozen=True, slots=True)
class GitHub:
    """Ask GitHub; without a token it answers for public repositories, and sixty times an hour."""

    base: str = ADDRESS
    token: str = field(default="", repr=False)
    timeout: float = 15

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> GitHub:
        """Take address and token from MEISHI_GITHUB_API or GITHUB_API_URL, and GITHUB_TOKEN or GH_TOKEN."""
        base = environ.get("MEISHI_GITHUB_API") or environ.get("GITHUB_API_URL") or ADDRESS
        token = environ.get("GITHUB_TOKEN") or environ.get("GH_TOKEN") or ""
        return cls(base.rstrip("/"), token)

    def get(self, path: str) -> Any:
        """Return what GitHub answers, None if there is no such thing or it may not be seen."""
        return self._ask("GET", path)

    def post(self, path: str) -> Any:
        """Ask GitHub to do something; None if it may not be done."""
        return self._ask("POST", path)

    def _ask(self, method: str, path: str) -> Any:
        headers = {
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
            "User-Agent": f"Meishi/{__version__}",
        }
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(self.base + path, method=method, headers=headers)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as answer:  # noqa: S310
                body = answer.read()
        except urllib.error.HTTPError as error:
            with error:
                if error.code in {401, 403, 404, 409, 422}:
                    return None
            raise RemoteError(
                f"GitHub's API answered {error.code} for {path}", hint="Try again later"
            ) from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "reason", error)
            raise RemoteError(
                f"GitHub's API could not be reached: {reason}", hint="Look at the connection"
            ) from None
        try:
            return json.loads(body) if body else {}
        except ValueError:
            raise RemoteError(f"GitHub's API answered no JSON for {path}", hint="Try again later") from None
