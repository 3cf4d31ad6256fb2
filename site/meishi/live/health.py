"""/healthz: whether this process can serve, for proxies and for those who watch over the server."""

from __future__ import annotations

from flask import Flask, Response, jsonify

from meishi.live.guestbook import LiveGuestbook

ADDRESS = "/healthz"


def install_health(app: Flask, live: LiveGuestbook) -> None:
    """Answer 200 while all is well, and 503 while it is not."""

    @app.get(ADDRESS)
    def health() -> tuple[Response, int]:
        """Look at the parts; nothing is told that a stranger should not know."""
        state = live.health()
        answer = jsonify(state)
        answer.headers["Cache-Control"] = "no-store"
        return answer, 200 if state["ok"] else 503
