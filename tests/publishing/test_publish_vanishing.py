"""A published address or panel that would vanish: it is found, and one call lets it lead on."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import PurePosixPath

import pytest
from git_sites import GitSite

from meishi.content.editing.desk import Desk
from meishi.content.editing.git import Author
from meishi.errors import PublishError
from meishi.publishing.aliases import write_alias
from meishi.publishing.gates import Finding

ME = Author("Ichi", "ichi@example.com")


def desk_of(site: GitSite) -> Desk:
    return Desk(site.root, site.root / "instance", clock=lambda: datetime.now(UTC))


def findings(site: GitSite) -> list[Finding]:
    run = site.publish("--dry-run")
    gates = [each for each in run.plan["gates"] if each["name"] == "vanished"]
    return [Finding(**each) for gate in gates for each in gate["findings"]]


def move(site: GitSite, old: str, new: str) -> None:
    (site.root / "content" / new).parent.mkdir(parents=True, exist_ok=True)
    (site.root / "content" / old).rename(site.root / "content" / new)


def test_a_renamed_page_is_recognised_by_its_text(published: GitSite) -> None:
    move(published, "notes/tea.md", "notes/drinks.md")

    (found,) = findings(published)
    assert (found.address, found.suggestion) == ("/notes/tea/", "notes/drinks.md")


def test_one_call_writes_the_alias_and_the_gate_opens(published: GitSite) -> None:
    move(published, "about.md", "me.md")
    (found,) = findings(published)
    before = (published.root / "content/me.md").read_text(encoding="utf-8")

    saved = write_alias(desk_of(published), found, ME)

    assert saved.path == PurePosixPath("me.md")
    assert findings(published) == []
    run = published.publish("--no-wait")
    assert run.outcome == "pushed"
    assert 'url=/me/"' in published.shown("about/index.html")
    # The text and every other field stay as they were.
    after = (published.root / "content/me.md").read_text(encoding="utf-8")
    assert [
        line for line in after.splitlines() if "alias" not in line and "/about/" not in line
    ] == before.splitlines()


def test_the_alias_of_a_panel_keeps_its_name_on_the_card_alive(published: GitSite) -> None:
    move(published, "about.md", "me.md")
    (found,) = findings(published)
    write_alias(desk_of(published), found, ME)
    published.publish("--no-wait")

    home = published.shown("index.html")
    assert (
        home.index('id="me"')
        < home.index('<span id="about">')
        < home.index("</section>", home.index('id="me"'))
    )


def test_a_second_alias_is_added_to_the_first(published: GitSite) -> None:
    published.write({"content/tea.md": "---\ntitle: Tea\naliases:\n  - /cha/  # Japanese\n---\n\nGreen.\n"})
    desk = desk_of(published)
    write_alias(desk, Finding("", "/te/", suggestion="tea.md"), ME)
    write_alias(desk, Finding("", "/te/", suggestion="tea.md"), ME)

    text = (published.root / "content/tea.md").read_text(encoding="utf-8")
    assert text == "---\ntitle: Tea\naliases:\n  - /cha/  # Japanese\n  - /te/\n---\n\nGreen.\n"


def test_a_page_without_a_successor_leads_to_the_page_above_it(published: GitSite) -> None:
    published.write({"content/notes/_index.md": "---\ntitle: Notes\n---\n"})
    (published.root / "content/notes/tea.md").unlink()

    (found,) = findings(published)
    assert found.suggestion == "notes/_index.md"
    write_alias(desk_of(published), found, ME)
    assert findings(published) == []


def test_the_owner_may_choose_another_page(published: GitSite) -> None:
    (published.root / "content/notes/tea.md").unlink()
    found = next(each for each in findings(published) if each.address == "/notes/tea/")
    write_alias(desk_of(published), found, ME, "work.md")

    # The list of notes is empty now, and gone with its feeds.
    assert {each.address for each in findings(published)} == {
        "/notes/",
        "/notes/feed.json",
        "/notes/index.xml",
    }
    published.publish("--no-wait", "--allow", "vanished")
    assert 'url=/work/"' in published.shown("notes/tea/index.html")


def test_a_panel_that_leaves_the_card_is_told_though_its_page_stays(published: GitSite) -> None:
    published.write(
        {"content/about.md": "---\ntitle: About\nbuild: {list: never}\n---\n\nI draw maps of rivers.\n"}
    )

    (found,) = findings(published)
    assert (found.address, found.suggestion) == ("/#about", "")
    with pytest.raises(PublishError, match="menu"):
        write_alias(desk_of(published), found, ME)


def test_an_alias_that_goes_is_an_address_that_vanishes(published: GitSite) -> None:
    published.write({"content/work.md": "---\ntitle: Work\naliases: [/jobs/]\n---\n\nChairs.\n"})
    published.publish("--no-wait")
    published.write({"content/work.md": "---\ntitle: Work\n---\n\nChairs.\n"})

    (found,) = findings(published)
    assert (found.address, found.suggestion) == ("/jobs/", "work.md")


def test_files_of_a_page_come_and_go_freely_but_documents_do_not(published: GitSite) -> None:
    published.write(
        {"static/files/cv.txt": "CV", "static/images/sea.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>"}
    )
    published.publish("--no-wait")
    (published.root / "static/files/cv.txt").unlink()
    (published.root / "static/images/sea.svg").unlink()

    assert [each.address for each in findings(published)] == ["/files/cv.txt"]


@pytest.mark.parametrize("via", ["branch", "push"])
def test_the_terminal_writes_the_aliases_and_publishes(published: GitSite, via: str) -> None:
    move(published, "about.md", "me.md")
    move(published, "notes/tea.md", "notes/drinks.md")
    options = ("--via", via, "--no-wait", "--write-aliases")
    looked = published.publish(*options, "--dry-run")
    assert (looked.outcome, looked.gates) == ("looked", ["vanished"])
    assert "aliases" not in (published.root / "content/me.md").read_text(encoding="utf-8")

    run = published.publish(*options)

    assert (run.code, run.outcome) == (0, "pushed"), (run.out, run.err)
    assert "/about/" in (published.root / "content/me.md").read_text(encoding="utf-8")
    if via == "branch":
        assert 'url=/me/"' in published.shown("about/index.html")
        assert 'url=/notes/drinks/"' in published.shown("notes/tea/index.html")
    else:
        assert "/about/" in published.shown("content/me.md", "main")


def test_what_no_alias_can_save_still_stops_the_terminal(published: GitSite) -> None:
    (published.root / "content/notes/tea.md").unlink()
    before = published.tip()
    run = published.publish("--no-wait", "--write-aliases")

    assert (run.code, run.outcome, run.gates) == (1, "refused", ["vanished"])
    assert published.tip() == before
