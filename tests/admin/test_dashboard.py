"""The dashboard: what waits for the owner, and nothing that is not so."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest
from flask import Flask
from page_files import FILES
from selectolax.lexbor import LexborHTMLParser
from visitors import Clock, Visitor

from meishi.admin.study import Study
from meishi.content.editing.freshness import mark_translated
from meishi.factory import create_app
from meishi.freezing import main as freeze

MakeSite = Callable[..., Path]


@pytest.fixture
def new_app(make_site: MakeSite, clock: Clock) -> Flask:
    return create_app(make_site(FILES), now=clock, reload=False)


def tallies(owner: Visitor) -> dict[str, str]:
    page = LexborHTMLParser(owner.get("/admin/").get_data(as_text=True))
    found = {}
    for tally in page.css(".tally"):
        title, *rest = [" ".join(part.text().split()) for part in tally.css("h2, li")]
        found[title] = "; ".join(rest)
    return found


def test_it_names_what_waits(owner: Visitor) -> None:
    found = tallies(owner)

    assert found["Drafts 1"] == "A plan"
    assert found["Scheduled 1"] == "Soon in 3 hours"
    assert found["Expired 1"] == "Gone 3 weeks ago"
    assert "Not published yet" not in " ".join(found)
    assert "The site has not been published yet" in owner.get("/admin/").get_data(as_text=True)


def test_a_scheduled_page_leaves_when_its_time_comes(owner: Visitor, clock: Clock) -> None:
    clock.pass_seconds(3 * 3600)

    assert "Scheduled 1" not in tallies(owner)


def test_it_says_which_translations_are_behind(owner: Visitor, study: Study) -> None:
    version = study.desk.open(PurePosixPath("about.md")).version
    content = study.root / "content"
    (content / "about.ja.md").write_text(mark_translated(str(FILES["content/about.ja.md"]), version))
    (content / "about.md").write_text(str(FILES["content/about.md"]) + "\nNew.\n")
    study.source.changed()

    assert tallies(owner)["Translations that are behind 1"] == "私について 1 paragraph behind"


def test_it_says_what_the_next_build_will_change(
    owner: Visitor, study: Study, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(clock().timestamp())))
    assert freeze(["--source", str(study.root), "--quiet"]) == 0
    (study.root / "content/work.md").unlink()
    (study.root / "content/about.md").write_text("---\ntitle: Me\n---\nOther.\n")
    study.source.changed()

    found = tallies(owner)
    assert found["Not published yet 1"] == "Me Changed"
    assert found["Published, but deleted here 1"] == "work.md"


def test_text_that_was_not_saved_is_shown_first(owner: Visitor, study: Study) -> None:
    version = study.desk.open(PurePosixPath("about.md")).version
    study.desk.journal.put(PurePosixPath("about.md"), "tab-1", version, 1, "Half a thought")

    assert "typed and not saved" in owner.get("/admin/").get_data(as_text=True)


def test_the_newest_changes_come_from_git(owner: Visitor, study: Study, need: Callable[..., str]) -> None:
    git = need("git")
    for arguments in (["init", "-q"], ["add", "content"], ["commit", "-qm", "First"]):
        identity = ["-c", "user.name=Ichi", "-c", "user.email=ichi@example.com"]
        subprocess.run([git, "-C", str(study.root), *identity, *arguments], check=True)
    (study.root / "content/about.md").write_text("---\ntitle: Me\n---\n")
    subprocess.run([git, "-C", str(study.root), *identity, "commit", "-qam", "Second"], check=True)
    study.source.changed()

    assert tallies(owner)["Changed last"].startswith("Me ")


def test_the_whole_site_is_checked_on_request(owner: Visitor, study: Study) -> None:
    (study.root / "content/work.md").write_text("---\ntitle: Work\n---\n[x](nothing.md)\n")
    study.source.changed()

    found = owner.get("/admin/check").get_data(as_text=True)
    assert "the link to nothing.md leads to no page" in found
    assert "/admin/edit/work.md" in found
    assert "nothing.md" in owner.get("/admin/").get_data(as_text=True), "what was found is kept"


def test_broken_pages_are_said_at_once(owner: Visitor, study: Study) -> None:
    (study.root / "content/work.md").write_text("---\ntitle: [\n---\n")
    study.source.changed()

    assert "not valid YAML" in owner.get("/admin/").get_data(as_text=True)


def test_an_empty_site_is_well(make_site: MakeSite, clock: Clock) -> None:
    from visitors import PASSWORD, study_of

    app = create_app(make_site(name="empty"), now=clock, reload=False)
    study_of(app).owner.set_password(PASSWORD)
    owner = Visitor(app)
    owner.sign_in()

    assert "All is well" in owner.get("/admin/").get_data(as_text=True)
    assert owner.get("/admin/pages/").status_code == 200


def test_it_names_what_waits_in_the_guestbook(make_site: MakeSite, clock: Clock) -> None:
    from guestbook_site import FILES as GUESTBOOK
    from guestbook_site import filled, written
    from visitors import PASSWORD, study_of

    app = create_app(make_site(GUESTBOOK), now=clock, reload=False)
    study = study_of(app)
    study.owner.set_password(PASSWORD)
    owner = Visitor(app)
    owner.sign_in()
    assert "Guestbook" not in " ".join(tallies(owner))
    book = study.guestbook()
    assert book is not None
    filled(book, [written("one", "Hello\nthere <b>", state="held"), written("two")])

    found = tallies(owner)
    assert found["Guestbook 2"] == "Hana: Hello there <b> 1 hour ago; 2 unread"
    owner.get("/admin/guestbook/")
    assert tallies(owner)["Guestbook 1"] == "Hana: Hello there <b> 1 hour ago"
