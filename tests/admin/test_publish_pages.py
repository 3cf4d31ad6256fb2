"""Publishing from the study: what is shown before, during and after, and what happens to the remote."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from publish_site import CONFIG, PublishSite, ended, pressed, reached
from selectolax.lexbor import LexborHTMLParser
from visitors import PASSWORD, Visitor, study_of

from meishi.admin.publishing_words import GATES, STAGES
from meishi.factory import create_app
from meishi.publishing import gates, journal


@pytest.fixture
def owner(publish_app: Flask) -> Visitor:
    found = Visitor(publish_app)
    assert found.sign_in().status_code == 303
    return found


def words(owner: Visitor, path: str) -> str:
    page = LexborHTMLParser(owner.get(path).get_data(as_text=True))
    main = page.css_first("main")
    assert main is not None
    return " ".join(main.text(separator=" ").split())


def changes(owner: Visitor, path: str = "/admin/publish/") -> set[tuple[str, str]]:
    page = LexborHTMLParser(owner.get(path).get_data(as_text=True))
    rows = [row.css_first(".change") for row in page.css(".changes > li")]
    found = set()
    for row in rows:
        assert row is not None
        badge, name = row.css_first(".badge"), row.css_first(".change-name")
        assert badge is not None
        assert name is not None
        found.add((badge.text(), name.text(separator=" ").split()[0]))
    return found


def test_every_stage_and_gate_of_publishing_has_words() -> None:
    assert tuple(STAGES) == journal.STAGES
    assert tuple(GATES) == gates.GATES


def test_a_look_shows_what_would_change_and_changes_nothing(
    owner: Visitor, publish_site: PublishSite
) -> None:
    publish_site.git("push", "--quiet", "-u", "origin", "main")
    pressed(owner, "/admin/publish/look")

    assert ("New", "/about/") in changes(owner)
    assert "Publish now" in words(owner, "/admin/publish/")
    assert publish_site.tip == ""
    assert "has not been published yet" in words(owner, "/admin/")


def test_it_says_live_when_visitors_see_it_and_then_what_differs(
    owner: Visitor, publish_site: PublishSite
) -> None:
    job = pressed(owner, "/admin/publish/")
    assert re.search(r"Live (at once|after (one second|\d+ seconds)) Open the public site", words(owner, job))
    assert publish_site.address in words(owner, job)
    assert "Compared with the publication" in words(owner, "/admin/")

    publish_site.write({"content/about.md": "---\ntitle: About\nweight: 1\n---\n\nI draw maps of lakes.\n"})
    study_of(owner.client.application).source.changed()
    assert "Not published yet 1 About Changed" in words(owner, "/admin/")
    assert "Something has changed" not in words(owner, "/admin/publish/")
    pressed(owner, "/admin/publish/look")
    assert changes(owner) >= {("Changed", "/about/"), ("Changed", "/#about")}
    assert ("Changed", "/work/") not in changes(owner)
    page = words(owner, "/admin/publish/compare?address=/about/")
    assert "I draw maps of rivers." in page
    assert "I draw maps of lakes." in page

    publish_site.write({"content/about.md": "---\ntitle: About\nweight: 1\n---\n\nI draw maps of seas.\n"})
    assert "Something has changed here since you looked." in words(owner, "/admin/publish/")


def test_both_sides_of_a_change_are_shown_and_can_do_nothing(
    owner: Visitor, publish_site: PublishSite
) -> None:
    pressed(owner, "/admin/publish/")
    publish_site.write({"content/about.md": "---\ntitle: About\nweight: 1\n---\n\nI draw maps of lakes.\n"})
    pressed(owner, "/admin/publish/look")
    page = LexborHTMLParser(owner.get("/admin/publish/compare?address=/about/").get_data(as_text=True))
    frames = [frame.attributes for frame in page.css("iframe")]

    assert [frame["sandbox"] for frame in frames] == ["allow-same-origin"] * 2
    sides = [owner.get(str(frame["src"])) for frame in frames]
    assert "rivers" in sides[0].get_data(as_text=True)
    assert "lakes" in sides[1].get_data(as_text=True)
    for side in sides:
        assert "sandbox allow-same-origin;" in side.headers["Content-Security-Policy"]
        assert "script-src" not in side.headers["Content-Security-Policy"]
        assert side.headers["Cache-Control"] == "no-store"
    assert owner.get("/admin/publish/compare?address=/nothing/").status_code == 404
    stranger = Visitor(owner.client.application)
    assert [stranger.get(str(frame["src"])).status_code for frame in frames] == [303, 303]


def test_nothing_new_says_so(owner: Visitor) -> None:
    pressed(owner, "/admin/publish/")

    assert "Nothing to publish" in words(owner, pressed(owner, "/admin/publish/"))
    pressed(owner, "/admin/publish/look")
    assert "Nothing to publish" in words(owner, "/admin/publish/")


def test_a_vanishing_address_stops_it_until_an_alias_leads_on(
    owner: Visitor, publish_site: PublishSite
) -> None:
    pressed(owner, "/admin/publish/")
    before = publish_site.tip
    (publish_site.root / "content/work.md").rename(publish_site.root / "content/craft.md")
    study_of(owner.client.application).source.changed()

    job = pressed(owner, "/admin/publish/")
    assert "Not published yet" in words(owner, job)
    assert "Addresses that would vanish" in words(owner, job)
    assert "Lead it to craft.md" in words(owner, job)
    assert publish_site.tip == before
    pressed(owner, "/admin/publish/alias", {"address": "/work/", "to": "craft.md"})
    assert "/work/" in (publish_site.root / "content/craft.md").read_text()
    assert "Addresses that would vanish" not in words(owner, "/admin/publish/")
    assert "Visitors see it now" in words(owner, pressed(owner, "/admin/publish/"))
    assert publish_site.git("cat-file", "-t", "gh-pages:work/index.html", at=publish_site.remote) == "blob"


def test_a_gate_is_let_pass_by_its_name_and_no_other(owner: Visitor, publish_site: PublishSite) -> None:
    pressed(owner, "/admin/publish/")
    publish_site.write({"content/work.md": None})

    assert "Not published yet" in words(owner, pressed(owner, "/admin/publish/", {"allow": "links"}))
    assert owner.post("/admin/publish/alias", {"address": "/other/", "to": "about.md"}).status_code == 404
    assert "Visitors see it now" in words(owner, pressed(owner, "/admin/publish/", {"allow": "vanished"}))


def test_broken_links_are_named_with_their_file(owner: Visitor, publish_site: PublishSite) -> None:
    publish_site.write({"content/about.md": "---\ntitle: About\n---\n\n<a href='/nothing/'>x</a>\n"})

    page = words(owner, pressed(owner, "/admin/publish/"))
    assert "Links or pictures that lead nowhere" in page
    assert "/nothing/" in page
    assert "about.md" in page
    assert publish_site.tip == ""


def test_a_second_press_joins_the_first_and_a_restart_shows_the_rest(
    owner: Visitor, publish_site: PublishSite
) -> None:
    pressed(owner, "/admin/publish/")
    publish_site.branch.frozen = publish_site.tip  # as a cache that goes on showing the old pages
    publish_site.write({"content/about.md": "---\ntitle: About\nweight: 1\n---\n\nI draw maps of lakes.\n"})
    first = owner.post("/admin/publish/").headers["Location"]
    job = reached(owner.client.application, "live")

    assert owner.post("/admin/publish/").headers["Location"] == first
    assert owner.post("/admin/publish/look").headers["Location"] == first
    assert owner.get("/admin/publish/").headers["Location"] == first
    restarted = Visitor(create_app(publish_site.root, reload=False))
    restarted.sign_in()
    page = restarted.get(first).get_data(as_text=True)
    assert 'data-stage="push" data-standing="done"' in page
    assert 'data-stage="live" data-standing="current"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert "A publication is under way." in words(restarted, "/admin/")

    publish_site.branch.frozen = ""
    ended(owner.client.application, job)
    assert "Visitors see it now" in words(restarted, first)


def test_it_says_where_a_publication_hangs_and_asks_again(owner: Visitor, publish_site: PublishSite) -> None:
    publish_site.write({"config.toml": CONFIG.replace("patience = 60", "patience = 1")})
    pressed(owner, "/admin/publish/")
    publish_site.branch.frozen = publish_site.tip
    publish_site.write({"content/about.md": "---\ntitle: About\nweight: 1\n---\n\nI draw maps of lakes.\n"})
    job = pressed(owner, "/admin/publish/")

    page = words(owner, job)
    assert "Sent, but not seen yet" in page
    assert "still shows what was there before" in page
    owner.post(f"{job}ask")
    assert words(owner, job).count("still shows what was there before") == 2
    publish_site.branch.frozen = ""
    owner.post(f"{job}ask")
    assert "Visitors see it now" in words(owner, job)


def test_cancelling_leaves_visitors_what_they_have(
    owner: Visitor, publish_site: PublishSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = publish_site.remote / "hooks/pre-receive"
    hook.write_text("#!/bin/sh\nwhile :; do sleep 0.1; done\n")
    hook.chmod(0o755)
    job = owner.post("/admin/publish/").headers["Location"]
    reached(owner.client.application, "push")
    owner.post(f"{job}cancel")
    ended(owner.client.application)

    assert "Cancelled" in words(owner, job)
    assert "Nothing was changed for visitors." in words(owner, job)
    assert publish_site.tip == ""


def test_a_killed_publication_is_told(owner: Visitor, publish_site: PublishSite) -> None:
    publish_site.branch.away = True
    job = owner.post("/admin/publish/").headers["Location"]
    app = owner.client.application
    name = reached(app, "live")
    began = next(event for event in study_of(app).jobs.events(name) if event.kind == "began")
    os.kill(began.data["pid"], signal.SIGKILL)
    ended(app, name)

    assert "Interrupted" in words(owner, job)
    assert "look again to see which" in words(owner, job)


def test_a_refused_push_is_shown_with_the_reason(owner: Visitor, publish_site: PublishSite) -> None:
    hook = publish_site.remote / "hooks/pre-receive"
    hook.write_text("#!/bin/sh\necho The branch is protected. >&2\nexit 1\n")
    hook.chmod(0o755)

    page = words(owner, pressed(owner, "/admin/publish/"))
    assert "Not published" in page
    assert "The branch is protected." in page


def test_without_a_remote_it_says_what_to_do(owner: Visitor, publish_site: PublishSite) -> None:
    publish_site.git("remote", "remove", "origin")
    pressed(owner, "/admin/publish/look")

    assert "git remote add origin" in words(owner, "/admin/publish/")
    assert "Nothing was published yet" in words(owner, "/admin/publications/")


def test_progress_comes_as_events_from_any_point_on(owner: Visitor) -> None:
    job = pressed(owner, "/admin/publish/")
    whole = owner.get(f"{job}events").get_data(as_text=True)
    numbers = [int(number) for number in re.findall(r"^id: (\d+)$", whole, re.MULTILINE)]

    assert numbers == sorted(set(numbers))
    assert whole.endswith("event: end\ndata: {}\n\n")
    assert '"stage": "push"' in whole
    rest = owner.get(f"{job}events", headers={"Last-Event-ID": str(numbers[-2])}).get_data(as_text=True)
    assert re.findall(r"^id: (\d+)$", rest, re.MULTILINE) == [str(numbers[-1])]
    assert owner.get("/admin/publish/20260101T000000000000-abcdef/events").status_code == 404
    assert owner.get("/admin/publish/..%2f..%2fx/").status_code == 404


def test_publications_are_listed_opened_and_restored(owner: Visitor, publish_site: PublishSite) -> None:
    pressed(owner, "/admin/publish/")
    first = publish_site.tip
    publish_site.write({"content/about.md": "---\ntitle: About\nweight: 1\n---\n\nI draw maps of lakes.\n"})
    pressed(owner, "/admin/publish/")
    second = publish_site.tip

    page = words(owner, "/admin/publications/")
    assert page.count("Ichi ·") == 2
    assert "Pages │" in page, "Hugo's table"
    assert publish_site.git("rev-parse", "--short=10", "HEAD") in page
    assert ("Changed", "/about/") in changes(owner, f"/admin/publications/?show={second}")
    assert "lakes" in owner.get(f"/admin/publications/{second}/about/").get_data(as_text=True)
    assert "rivers" in owner.get(f"/admin/publications/{first}/about/").get_data(as_text=True)
    assert "rivers" in words(owner, f"/admin/publications/compare?show={second}&address=/about/")
    source = publish_site.git("rev-parse", "HEAD")
    for foreign in (source, "0" * 40, "HEAD", "--help"):
        assert owner.get(f"/admin/publications/{foreign}/").status_code == 404
        assert owner.post(f"/admin/publications/{foreign}/restore").status_code == 404

    assert "Visitors see it now" in words(owner, pressed(owner, f"/admin/publications/{first}/restore"))
    assert publish_site.git("rev-parse", "gh-pages^", at=publish_site.remote) == second
    assert "rivers" in publish_site.git("show", "gh-pages:about/index.html", at=publish_site.remote)
    study_of(owner.client.application).source.changed()
    assert "Not published yet 1 About Changed" in words(owner, "/admin/")


def test_what_another_computer_published_is_known_by_its_content(
    owner: Visitor, publish_site: PublishSite, make_site: Callable[..., Path]
) -> None:
    publish_site.git("push", "--quiet", "origin", "main")
    pressed(owner, "/admin/publish/")
    other = publish_site.root.with_name("other")
    publish_site.git("clone", "--quiet", "-b", "main", str(publish_site.remote), str(other))
    (other / "content/work.md").write_text("---\ntitle: Work\nweight: 2\n---\n\nStools.\n")
    app = create_app(other, reload=False)
    study_of(app).owner.set_password(PASSWORD)
    there = Visitor(app)
    there.sign_in()

    page = words(there, "/admin/")
    assert "Not published yet 1 Work Changed" in page
    assert "Compared with the publication" in page


def test_where_ci_builds_no_old_build_is_offered_again(owner: Visitor, publish_site: PublishSite) -> None:
    pressed(owner, "/admin/publish/")
    first = publish_site.tip
    publish_site.write({"content/about.md": "---\ntitle: About\nweight: 1\n---\n\nI draw maps of lakes.\n"})
    pressed(owner, "/admin/publish/")
    second = publish_site.tip
    assert "Restore it" in words(owner, f"/admin/publications/?show={first}")

    config = (publish_site.root / "config.toml").read_text(encoding="utf-8")
    publish_site.write({"config.toml": config.replace("[publish]", '[publish]\nvia = "push"')})
    page = words(owner, f"/admin/publications/?show={first}")
    assert "Restore it" not in page
    assert "git revert" in page
    assert f"git restore --source={publish_site.git('rev-parse', 'HEAD')[:10]} config.toml content" in page
    assert owner.post(f"/admin/publications/{first}/restore").status_code == 409
    assert publish_site.tip == second
