"""What the tests share: programs that may be missing, a browser, a server, a small site."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from hypothesis import HealthCheck, settings
from werkzeug.serving import WSGIRequestHandler, make_server

from postgresql_server import PostgresqlServer
from static_host import StaticHost

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[1]
LOOPBACK = ("http://127.0.0.1:", "http://localhost:", "ws://127.0.0.1:", "ws://localhost:", "data:", "blob:")
# Only what never comes may take so long: a slow machine makes the tests slow, and never fail.
PATIENCE = 60_000  # ms
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=Translate,OptimizationHints,MediaRouter",
]

# The same examples each time, and no stopwatch: what passed once passes again. To look for new examples:
# pytest --hypothesis-profile explore
SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile("explore", deadline=None, suppress_health_check=SLOW)
settings.register_profile("same", deadline=None, suppress_health_check=SLOW, derandomize=True, database=None)
settings.load_profile("same")

Need = Callable[..., str]
Serve = Callable[..., str]
MakeSite = Callable[..., Path]


def find_or_skip(*programs: str) -> str:
    """Find one of these programs, or skip the test."""
    for program in programs:
        # Debian keeps servers where only root's PATH looks.
        found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin")
        if found:
            return found
    skip_or_fail(f"{' or '.join(programs)} is not installed")


def skip_or_fail(message: str) -> NoReturn:
    """Skip the test for want of something; where all must be there, as in CI, fail it."""
    if os.environ.get("MEISHI_REQUIRE_ALL") == "1":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def lacking() -> Callable[[str], NoReturn]:
    """Say that a test cannot run here: `lacking("no PostgreSQL answers")`."""
    return skip_or_fail


@pytest.fixture(scope="session")
def need() -> Need:
    """Hand out the path of a program: `need("redis-server")`, `need("chromium", "google-chrome")`."""
    return find_or_skip


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    """Start one PostgreSQL server for all tests; `postgresql.database()` is an empty database's address."""
    server = PostgresqlServer(find_or_skip)
    yield server
    server.remove()


@pytest.fixture(scope="session")
def project() -> Path:
    """Name the top of the project."""
    return ROOT


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start one Chromium for all tests."""
    program = find_or_skip(*CHROMIUM)
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=program, args=CHROMIUM_FLAGS, timeout=2 * PATIENCE
        )
        yield started
        started.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open pages in contexts of their own: `new_page(locale="ja-JP", color_scheme="dark")`.

    A page that asks a foreign host for something, or whose script fails, fails the test.
    """
    problems: list[str] = []
    with ExitStack() as stack:

        def open_page(**options: Any) -> Page:
            context = stack.enter_context(browser.new_context(**options))
            context.set_default_timeout(PATIENCE)
            page = context.new_page()

            def note_request(request: Any) -> None:
                if not request.url.startswith(LOOPBACK):
                    problems.append(f"asked a foreign host: {request.url}")

            page.on("request", note_request)
            page.on("pageerror", lambda error: problems.append(f"script failed: {error}"))
            return page

        yield open_page
    assert problems == []


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """Open a page as wide as a desktop's."""
    return new_page(viewport={"width": 1280, "height": 800})


@pytest.fixture
def served() -> Iterator[Serve]:
    """Serve a folder (as GitHub Pages would) or a WSGI app: `served(build, base="/web/")` is its address."""

    class Quiet(WSGIRequestHandler):
        def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002
            """Keep the tests' output short."""

    with ExitStack() as stack:

        def serve(what: Path | Callable[..., Any], base: str = "/") -> str:
            app = StaticHost(what, base) if isinstance(what, Path) else what
            server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
            server.daemon_threads = True  # type: ignore[attr-defined]
            thread = threading.Thread(
                target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
            )
            thread.start()
            stack.callback(thread.join, 5)
            stack.callback(server.server_close)
            stack.callback(server.shutdown)
            return f"http://127.0.0.1:{server.server_port}/{base.strip('/') + '/' if base.strip('/') else ''}"

        yield serve


@pytest.fixture
def make_site(tmp_path: Path) -> MakeSite:
    """Write a site of these files, with Meishi's theme: `make_site({"content/about.md": "# Hi"})`."""

    def make(files: Mapping[str, str | bytes] | None = None, *, name: str = "site") -> Path:
        root = tmp_path / name
        standard: dict[str, str | bytes] = {
            "config.toml": 'baseURL = "https://www.example.com/"\ntitle = "Ichi"\nlocale = "en"\n',
            "content/_index.md": "---\ntitle: Ichi\ndescription: One card\n---\n",
        }
        for path, content in (standard | dict(files or {})).items():
            place = root / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content.encode() if isinstance(content, str) else content)
        return root

    return make


@pytest.fixture
def site_copy(tmp_path: Path) -> Path:
    """Copy the starter site's own files, so that a test may change them."""
    root = tmp_path / "starter"
    root.mkdir()
    shutil.copy(ROOT / "config.toml", root)
    for folder in ("content", "archetypes"):
        if (ROOT / folder).is_dir():
            shutil.copytree(ROOT / folder, root / folder)
    return root
