"""How long from a keystroke to the changed page beside it, and how much of that the server takes.

    python benchmarks/preview.py [--pages 20 2000] [--keys 120]

Types into the editor in a real Chromium and prints medians in milliseconds: `render` is the server's own work
on the text, `answer` the whole request as a client without a window sees it, `shown` the time from the key's
event to the changed text standing in the frame. The last column is shown / render.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from meishi.factory import create_app
from meishi.web.previews import Previews

PASSWORD = "kinou no ame wa tsumetai"
SENTENCE = "Ink on paper, mist on the hill, a letter in the lamp's light. "
WATCH = """(marker) => {
  window.times = [];
  addEventListener("keydown", () => (window.pressed = performance.now()), true);
  const frame = document.querySelector("[data-frame]").contentDocument;
  const count = () => frame.body.textContent.split(marker).length;
  let seen = count();
  new MutationObserver(() => {
    const now = count();
    if (now !== seen) window.times.push(performance.now() - window.pressed);
    seen = now;
  }).observe(frame.body, { childList: true, characterData: true, subtree: true });
}"""


def write_site(root: Path, pages: int) -> str:
    """Write notes, one of them as long as a real one; return its text."""
    notes = root / "content" / "notes"
    notes.mkdir(parents=True)
    (root / "config.toml").write_text('baseURL = "https://example.org/"\ntitle = "Bench"\n')
    for number in range(pages):
        day = f"2026-{number % 12 + 1:02d}-{number % 28 + 1:02d}"
        head = f"---\ntitle: Note {number}\ndate: {day}\ntags: [t{number % 40}]\n---\n\n"
        (notes / f"note-{number}.md").write_text(head + SENTENCE * 4)
    parts = [
        f"## Part {number}\n\n{SENTENCE * 5}\n\n- one\n- two\n\n`code` and *more*.\n\n"
        for number in range(12)
    ]
    text = "---\ntitle: Edited\n---\n\n" + "".join(parts) + "Here: "
    (notes / "edited.md").write_text(text)
    return text


def rendering(app: Flask, text: str, keys: int) -> list[float]:
    """Time the server's work alone."""
    source, previews = app.extensions["study"].source, Previews(app.extensions["study"].now)
    times = []
    for number in range(keys):
        began = time.perf_counter()
        previews.show(source.current(), "notes/edited.md", text + "x" * number)
        times.append(time.perf_counter() - began)
    return [1000 * one for one in times[1:]]


def answering(app: Flask, text: str, keys: int) -> list[float]:
    """Time whole requests."""
    client = app.test_client()

    def token(path: str) -> str:
        page = client.get(path, follow_redirects=True).get_data(as_text=True)
        return page.split('name="csrf-token" content="')[1].split('"')[0]

    client.post("/admin/sign-in", data={"password": PASSWORD, "csrf_token": token("/admin/sign-in")})
    headers = {"X-CSRF-Token": token("/admin/"), "Accept": "application/json"}
    times = []
    for number in range(keys):
        began = time.perf_counter()
        sent = {"text": text + "x" * number}
        assert client.post("/admin/preview/notes/edited.md", json=sent, headers=headers).status_code == 200
        times.append(time.perf_counter() - began)
    return [1000 * one for one in times[1:]]


def showing(app: Flask, keys: int) -> list[float]:
    """Type in a browser, and time each key until its letter stands in the frame."""
    from playwright.sync_api import sync_playwright

    program = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome")))
    )
    with served(app) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{address}/admin/sign-in?next=/admin/edit/notes/edited.md")
        page.locator("#password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.frame_locator("[data-frame]").get_by_text("Here:").wait_for(state="attached")
        page.wait_for_timeout(1500)
        page.locator(".cm-content").click()
        page.keyboard.press("Control+End")
        page.evaluate(WATCH, "@")
        for _ in range(keys):
            page.keyboard.press("@")
            page.wait_for_timeout(120)  # as a quick writer types: about eight keys a second
        found: list[float] = page.evaluate("window.times")
        browser.close()
    return found[1:]


@contextmanager
def served(app: Flask) -> Iterator[str]:
    class Quiet(WSGIRequestHandler):
        def log(self, *_args: Any) -> None:
            """Keep the output short."""

    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, nargs="*", default=[20, 2000])
    parser.add_argument("--keys", type=int, default=120)
    options = parser.parse_args()
    print(f"{'pages':>6} {'render':>8} {'answer':>8} {'shown':>8} {'worst 5%':>9} {'ratio':>6}")
    for pages in options.pages:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            text = write_site(root, pages)
            app = create_app(root, reload=False)
            app.extensions["study"].owner.set_password(PASSWORD)
            render = statistics.median(rendering(app, text, options.keys))
            answer = statistics.median(answering(app, text, options.keys))
            times = sorted(showing(app, options.keys))
            shown, worst = statistics.median(times), times[int(len(times) * 0.95)]
            print(f"{pages:6} {render:8.1f} {answer:8.1f} {shown:8.1f} {worst:9.1f} {shown / render:6.1f}")
            if len(times) < options.keys * 0.9:
                print(f"       ({options.keys - len(times)} keys were shown together with the next one)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
