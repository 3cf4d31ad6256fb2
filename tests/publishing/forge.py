"""A small GitHub on loopback: git over http with credentials, its API as recorded, and its Pages."""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wsgi import get_input_stream

Start = Callable[..., Any]


@dataclass
class Forge:
    """What the forge serves, and what happens to those who ask.

    `held` is waited for before a push is taken; `before_push` runs once then. `cut` ends the connection
    "before" the push is handled or "after", before its answer. `pages` maps what is asked to an answer.
    """

    projects: Path
    token: str = ""
    cut: str = ""
    held: threading.Event | None = None
    before_push: Callable[[], None] | None = None
    stale: int = 0  # so often Pages shows the page before
    api: dict[str, Any] = field(default_factory=dict)  # path → answer, or a function that makes it
    seen: list[str] = field(default_factory=list)  # "GET /path"
    headers: list[str] = field(default_factory=list)  # Authorization, as it came
    pushing: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        self.seen.append(f"{method} {path}")
        self.headers.append(environ.get("HTTP_AUTHORIZATION", ""))
        if path.startswith("/api/"):
            return self._api(method, path[4:], start)
        if path.startswith("/pages/"):
            return self._pages(path[7:], start)
        return self._git(environ, path, start)

    def _api(self, method: str, path: str, start: Start) -> Iterable[bytes]:
        answer = self.api.get(f"{method} {path}")
        answer = answer() if callable(answer) else answer
        status = "404 Not Found" if answer is None else "200 OK"
        start(status, [("Content-Type", "application/json")])
        return [json.dumps({"message": "Not Found"} if answer is None else answer).encode()]

    def _pages(self, path: str, start: Start) -> Iterable[bytes]:
        """Show what the branch holds, or held before for a while."""
        commit = "gh-pages"
        if self.stale > 0:
            self.stale -= 1
            commit = "gh-pages~1"
        name = f"{path}index.html" if path.endswith("/") or not path else path
        repository = next(self.projects.rglob("*.git"))
        found = subprocess.run(
            ["git", "-C", str(repository), "show", f"{commit}:{name}"], capture_output=True, check=False
        )
        start("404 Not Found" if found.returncode else "200 OK", [("Content-Type", "text/html")])
        return [found.stdout]

    def _git(self, environ: dict[str, Any], path: str, start: Start) -> Iterable[bytes]:
        given = environ.get("HTTP_AUTHORIZATION", "")
        name = base64.b64decode(given[6:]).decode() if given.lower().startswith("basic ") else ""
        if self.token and not name.endswith(f":{self.token}"):
            start(
                "401 Unauthorized",
                [("WWW-Authenticate", 'Basic realm="git"'), ("Content-Type", "text/plain")],
            )
            return [f"who is {name or 'nobody'}?\n".encode()]
        push = environ["REQUEST_METHOD"] == "POST" and path.endswith("git-receive-pack")
        if push:
            self.pushing.set()
            if self.held is not None:
                assert self.held.wait(120)
            if self.before_push is not None:
                then, self.before_push = self.before_push, None
                then()
        if push and self.cut == "before":
            return self._hang_up(environ)
        head, body = self._backend(environ, path, name)
        if push and self.cut == "after":
            return self._hang_up(environ)
        fields = [line.split(": ", 1) for line in head.decode().splitlines()]
        status = next((value for key, value in fields if key == "Status"), "200 OK")
        start(status, [(key, value) for key, value in fields if key != "Status"])
        return [body]

    def _backend(self, environ: dict[str, Any], path: str, name: str) -> tuple[bytes, bytes]:
        wanted = ("REQUEST_METHOD", "QUERY_STRING", "CONTENT_TYPE", "HTTP_CONTENT_ENCODING", "HTTP_ACCEPT")
        variables = {key: str(environ[key]) for key in wanted if environ.get(key)}
        variables |= {
            "PATH": os.environ["PATH"], "GIT_PROJECT_ROOT": str(self.projects), "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": path, "REMOTE_USER": name.partition(":")[0] or "ichi",
            "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*",
            "GIT_PROTOCOL": environ.get("HTTP_GIT_PROTOCOL", ""),
        }  # fmt: skip
        done = subprocess.run(
            ["git", "http-backend"],
            input=get_input_stream(environ).read(),
            env=variables,
            capture_output=True,
            check=True,
        )  # fmt: skip
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        return head, body

    @staticmethod
    def _hang_up(environ: dict[str, Any]) -> Iterable[bytes]:
        environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        raise ConnectionAbortedError


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002
        """Keep the tests' output short."""


@contextmanager
def forge_on(projects: Path, **more: Any) -> Iterator[Forge]:
    """Serve the repositories below a folder: PROJECTS/ichi/web.git is at /ichi/web.git."""
    forge = Forge(projects, **more)
    server = make_server("127.0.0.1", 0, forge, threaded=True, request_handler=_Quiet)
    server.daemon_threads = True  # type: ignore[attr-defined]
    forge.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield forge
    finally:
        if forge.held is not None:
            forge.held.set()
        server.shutdown()
        server.server_close()
        thread.join(10)
