"""Show a save in the open browser: a stream of events to every page, which then looks at itself again."""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from queue import Empty, SimpleQueue

from flask import Blueprint, Flask, Response, g, request
from markupsafe import Markup

from meishi.errors import MeishiError

#: Seconds between signs of life. Writing is the only way to learn that a page was closed.
_HEARTBEAT = 2.0
_PREFIX = "/_meishi"
# What a visitor does not see, and style sheets, which are swapped in place.
_UNSEEN = re.compile(
    rb"""<(?:meta|link)\b[^>]*>|<script type="application/ld\+json">.*?</script>""", re.DOTALL
)


class Reload:
    """Tell open pages that something changed; `refresh` reads the site again."""

    def __init__(self, refresh: Callable[[], None]) -> None:
        self._refresh = refresh
        self._lock = threading.Lock()
        self._listeners: set[SimpleQueue[str]] = set()
        self._count = 0

    @property
    def version(self) -> str:
        """Name the present reading of the site; after a restart of the server it is another one."""
        return f"{os.getpid()}.{self._count}"

    @property
    def listeners(self) -> int:
        """Count the open pages."""
        return len(self._listeners)

    def files_changed(self) -> None:
        """Read the site again and tell every open page."""
        with self._lock:
            self._refresh()
            self._count += 1
            for listener in self._listeners:
                listener.put(self.version)

    def stream(self) -> Iterator[str]:
        """Yield events for one page, until it is closed."""
        queue: SimpleQueue[str] = SimpleQueue()
        with self._lock:
            self._listeners.add(queue)
            queue.put(self.version)
        try:
            yield "retry: 500\n\n"
            while True:
                try:
                    yield f"data: {queue.get(timeout=_HEARTBEAT)}\n\n"
                except Empty:
                    yield ": still here\n\n"
        finally:
            with self._lock:
                self._listeners.discard(queue)


def install_reload(
    app: Flask, reload: Reload, errors: Callable[[], Sequence[MeishiError]], begin: Callable[[], None]
) -> None:
    """Add the stream of events to an app, and to every page the script that listens.

    `errors` lists what is broken now; `begin` starts to watch the files.
    """
    blueprint = Blueprint("reload", __name__, url_prefix=_PREFIX)

    @blueprint.get("/events")
    def events() -> Response:
        begin()
        response = Response(reload.stream(), mimetype="text/event-stream")
        response.headers["Cache-Control"] = "no-store"
        return response

    @blueprint.get("/reload.js")
    def script() -> Response:
        response = Response((Path(__file__).parent / "reload.js").read_bytes(), mimetype="text/javascript")
        response.headers["Cache-Control"] = "no-store"
        return response

    @app.after_request
    def add_script(response: Response) -> Response:
        page = response.mimetype == "text/html" and "admin" not in request.blueprints
        if page and request.method == "GET" and not (response.is_streamed or response.direct_passthrough):
            shown = [] if "problem" in g else [str(error) for error in errors()]
            # After </html>, so that the page itself stays byte for byte what is frozen.
            response.set_data(response.get_data() + _tag(reload.version, response.get_data(), shown))
            response.headers.pop("ETag", None)
            response.headers["Cache-Control"] = "no-store"
        return response

    app.register_blueprint(blueprint)


def _tag(version: str, html: bytes, errors: Sequence[str]) -> bytes:
    """Write the script's element; `data-page` tells apart pages that look different."""
    mark = blake2b(_UNSEEN.sub(b"", html), digest_size=8).hexdigest()
    tag = Markup(
        '<script type="module" src="{}/reload.js"'
        ' data-version="{}" data-page="{}" data-errors="{}"></script>\n'
    )
    root = f"{request.script_root}{_PREFIX}"
    return tag.format(root, version, mark, json.dumps(errors, ensure_ascii=False)).encode()
