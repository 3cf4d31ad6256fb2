"""“Live” is said only when the public address shows the build; else it is said where it hangs."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from forge import forge_on
from git_sites import GitSite
from werkzeug.serving import make_server

from meishi.publishing.awaiting import Expected, Hangs, Seen, Watch, await_live
from meishi.publishing.branch import Branch
from meishi.publishing.builds import ActionsRun, PagesBuild
from meishi.publishing.git import Git
from meishi.publishing.github_api import GitHub
from meishi.publishing.masking import Mask
from meishi.publishing.remotes import Remote
from meishi.publishing.stamp import stamped

Serve = Callable[..., str]
PAGE = b"<html><head><title>x</title></head></html>"


class Clock:
    """Time that passes when one waits, and not else."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += max(seconds, 0.01)


def wait(
    address: str, expected: Expected, *, patience: float = 60, pages: Any = None
) -> tuple[Seen, list[Seen]]:
    told: list[Seen] = []
    clock = Clock()
    watch = Watch(patience, lambda _waited, seen: told.append(seen), lambda: False, clock, clock.sleep)
    return await_live(address, expected, watch, pages or (lambda: (None, ""))), told


def showing(*pages: bytes) -> Any:
    """Show one page after the other, and the last one from then on."""
    left = list(pages)

    def app(_environ: Any, start_response: Any) -> list[bytes]:
        page = left.pop(0) if len(left) > 1 else left[0]
        start_response("200 OK" if page else "404 Not Found", [("Content-Type", "text/html")])
        return [page]

    return app


def test_it_is_live_when_the_home_page_bears_the_builds_id(served: Serve) -> None:
    seen, told = wait(served(showing(stamped(PAGE, "ab12"))), Expected("ab12"))

    assert (seen.live, seen.hangs, told) == (True, None, [])


def test_an_older_build_is_waited_out(served: Serve) -> None:
    old, new = stamped(PAGE, "aa11"), stamped(PAGE, "ab12")
    seen, told = wait(served(showing(b"", old, old, new)), Expected("ab12"))

    assert seen.live
    assert [each.hangs for each in told] == ["cache", "cache", "cache"]
    assert "answers 404" in told[0].detail
    assert seen.seconds > 1


def test_an_older_build_to_the_end_is_never_called_live(served: Serve) -> None:
    seen, told = wait(served(showing(stamped(PAGE, "aa11"))), Expected("ab12"))

    assert (seen.live, seen.hangs) == (False, "cache")
    assert "Settings → Pages" in seen.hint
    # The pauses grow: a minute is not a hundred questions.
    assert len(told) < 20


def test_a_home_page_without_a_head_is_compared_as_a_whole(served: Serve) -> None:
    assert wait(served(showing(b"plain")), Expected("ab12", b"plain"))[0].live
    assert not wait(served(showing(b"other")), Expected("ab12", b"plain"))[0].live


def test_a_copy_on_the_way_is_asked_past(served: Serve) -> None:
    asked: list[str] = []

    def app(environ: Any, start_response: Any) -> list[bytes]:
        asked.append(environ["QUERY_STRING"])
        start_response("200 OK", [("Content-Type", "text/html")])
        return [stamped(PAGE, "aa11")]

    wait(served(app), Expected("ab12"), patience=5)

    assert len(set(asked)) == len(asked) > 1


def test_a_name_that_leads_nowhere_is_told() -> None:
    seen, _ = wait("http://no-such-name.invalid/", Expected("ab12"), patience=1)

    assert (seen.live, seen.hangs) == (False, "dns")
    assert "flask domain" in seen.hint


def test_a_server_that_does_not_answer_is_told() -> None:
    seen, _ = wait("http://127.0.0.1:1/", Expected("ab12"), patience=1)

    assert (seen.live, seen.hangs) == (False, "unreachable")


def test_a_wrong_certificate_is_told(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(tmp_path))
    server = make_server("127.0.0.1", 0, showing(stamped(PAGE, "ab12")), ssl_context=context, threaded=True)
    server.log = lambda *_: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        seen, _ = wait(f"https://127.0.0.1:{server.server_port}/", Expected("ab12"), patience=1)
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)

    assert (seen.live, seen.hangs) == (False, "certificate")


def certificate(folder: Path) -> Path:
    """Make a certificate that nobody trusts."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "elsewhere.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = folder / "certificate.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.mark.parametrize(
    ("answer", "hangs", "words"),
    [
        # As https://docs.github.com/rest/pages/pages#get-latest-pages-build has them, shortened.
        ({"status": "built", "commit": "c0ffee", "error": {"message": None}}, None, ""),
        ({"status": "building", "commit": "c0ffee", "error": {"message": None}}, "pages_build", "building"),
        ({"status": "errored", "commit": "c0ffee", "error": {"message": "Page build failed."}},
         "pages_failed", "Page build failed."),
        ({"status": "built", "commit": "before", "error": {"message": None}}, "pages_build", "not begun"),
        (None, None, ""),
    ],
)  # fmt: skip
def test_githubs_own_build_is_asked_about(
    tmp_path: Path, answer: object, hangs: Hangs | None, words: str
) -> None:
    with forge_on(tmp_path) as forge:
        forge.api = {
            "GET /repos/ichi/web/pages/builds/latest": answer,
            "POST /repos/ichi/web/pages/builds": {},
        }
        state = PagesBuild(GitHub(f"{forge.url}/api", "token"), branch(tmp_path), "c0ffee")

        assert (state.state()[0], words in state.state()[1]) == (hangs, True)
        # One that has not begun is asked for, once.
        begun = forge.seen.count("POST /api/repos/ichi/web/pages/builds")
        assert begun == (1 if words == "not begun" else 0)


@pytest.mark.parametrize(
    ("runs", "hangs"),
    [
        ([], "pages_build"),
        ([{"status": "in_progress", "conclusion": None}], "pages_build"),
        ([{"status": "completed", "conclusion": "success"}], None),
        (
            [{"status": "completed", "conclusion": "failure", "html_url": "https://x"}],
            "pages_failed",
        ),
    ],
)
def test_the_workflow_that_a_push_started_is_asked_about(
    tmp_path: Path, runs: list[object], hangs: Hangs | None
) -> None:
    with forge_on(tmp_path) as forge:
        forge.api = {"GET /repos/ichi/web/actions/runs": {"workflow_runs": runs}}

        assert ActionsRun(GitHub(f"{forge.url}/api", "token"), branch(tmp_path), "c0ffee").state()[0] == hangs


def test_a_failed_build_is_not_waited_for(served: Serve) -> None:
    failed = ("pages_failed", "GitHub could not build it")
    seen, told = wait(served(showing(stamped(PAGE, "aa11"))), Expected("ab12"), pages=lambda: failed)

    assert (seen.hangs, len(told)) == ("pages_failed", 1)


def test_without_a_token_nobody_is_asked(tmp_path: Path) -> None:
    with forge_on(tmp_path) as forge:
        state = PagesBuild(GitHub(f"{forge.url}/api"), branch(tmp_path), "c0ffee")

        assert (state.state(), forge.seen) == ((None, ""), [])


def branch(folder: Path) -> Branch:
    return Branch(Git(folder, {}, Mask()), Remote("origin", "", "", "ichi", "web"), "gh-pages")


def test_a_whole_publication_says_live_when_visitors_see_it(published: GitSite) -> None:
    published.write({"content/about.md": "---\ntitle: About\n---\n\nNew.\n"})
    config = (published.root / "config.toml").read_text(encoding="utf-8")
    published.write({"config.toml": config.replace("patience = 0", "patience = 120")})
    with forge_on(published.remote.parent) as forge:
        forge.stale = 2
        run = published.publish(MEISHI_PUBLIC_URL=f"{forge.url}/pages/")

    assert (run.code, run.outcome) == (0, "live"), run.out
    assert run.done["text"].startswith("Live after ")
    assert [event["data"]["hangs"] for event in run.events if event["kind"] == "waiting"] == [
        "cache",
        "cache",
    ]


def test_a_whole_publication_that_is_not_seen_says_so(published: GitSite) -> None:
    published.write({"content/about.md": "---\ntitle: About\n---\n\nNew.\n"})
    with forge_on(published.remote.parent) as forge:
        forge.stale = 1000
        run = published.publish(MEISHI_PUBLIC_URL=f"{forge.url}/pages/")

    assert (run.code, run.outcome, run.done["hangs"]) == (3, "hanging", "cache")
    assert "older build" in run.done["text"]
