"""Publishing brings what visitors wrote along: what is shown, and nothing that is held or hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from secrets import token_bytes

import pytest
from git_sites import CONFIG, GitSite

from meishi.config import load_site_config
from meishi.config.secret import load_secret
from meishi.config.server import load_server_config
from meishi.guestbook.models import Ref, Signing, Visitor
from meishi.guestbook.opening import database_address, open_guestbook
from meishi.guestbook.seals import Seals
from meishi.guestbook.service import Guestbook

FILES = {
    "config.toml": f"{CONFIG}\n[guestbook]\nenable = true\n",
    "content/guestbook.md": "---\ntitle: Guestbook\n---\n",
}


@pytest.fixture
def site(new_site: Callable[..., GitSite]) -> GitSite:
    return new_site(FILES)


@pytest.fixture
def guestbook(site: GitSite) -> Iterator[Guestbook]:
    server = load_server_config(site.root, {})
    opened = open_guestbook(
        load_site_config(site.root).guestbook, load_secret(server), database_address(server.instance),
        now=lambda: datetime.now(UTC),
    )  # fmt: skip
    yield opened
    opened.close()


def held(site: GitSite, guestbook: Guestbook, body: str) -> Ref:
    """Let a visitor write for the first time, a minute after the form was opened."""
    server = load_server_config(site.root, {})
    ticket = Seals(load_secret(server), token_bytes).ticket(datetime.now(UTC) - timedelta(minutes=1))
    signing = Signing(
        room="lobby", id="5e8f3f0e-93a5-4a39-8a04-1f7f4a1f8d10", name="Ann", body=body,
        visitor=Visitor(author="a token", address="192.0.2.1"), ticket=ticket,
    )  # fmt: skip
    outcome = guestbook.sign([signing])[0]
    assert outcome.record is not None, outcome
    return outcome.record.ref


def test_entries_are_published_when_they_are_shown_and_gone_when_they_are_hidden(
    site: GitSite, guestbook: Guestbook
) -> None:
    ref = held(site, guestbook, "Greetings from the harbour")
    run = site.publish("--no-wait")
    assert run.outcome == "pushed", (run.out, run.err)
    assert "harbour" not in "".join(site.shown(path) for path in site.published() if path.endswith("html"))
    assert "harbour" not in (site.root / "content/guestbook.json").read_text(encoding="utf-8")

    guestbook.approve([ref])
    run = site.publish("--no-wait")
    assert ("changed", "/guestbook/") in run.changes()
    assert "Greetings from the harbour" in site.shown("guestbook/index.html")

    guestbook.hide([ref])
    site.publish("--no-wait")
    assert "harbour" not in site.shown("guestbook/index.html")


def test_a_guestbook_that_nobody_opened_leaves_the_snapshot_alone(site: GitSite) -> None:
    run = site.publish("--no-wait")

    assert run.outcome == "pushed", (run.out, run.err)
    assert not (site.root / "content/guestbook.json").exists()
    assert not (site.root / "instance/guestbook.sqlite3").exists()
    assert "guestbook/index.html" in site.published()
