"""The history of publications, any file of them, and the way back."""

from __future__ import annotations

import subprocess
import sys

import pytest
from git_sites import CONFIG, GitSite, Run

from meishi.publishing.history import History, history_of
from meishi.publishing.publication import message_of, read_message

FLASK = """\
import sys
from pathlib import Path
from meishi.factory import create_app
create_app(Path(sys.argv[1])).cli.main(args=sys.argv[2:])
"""


@pytest.fixture
def twice(published: GitSite) -> GitSite:
    """Make a site that was published twice: first about rivers, then about lakes with a page more."""
    published.write(
        {
            "content/about.md": "---\ntitle: About\nweight: 1\n---\n\nI draw lakes.\n",
            "content/notes/rain.md": "---\ntitle: Rain\ndate: 2026-02-01\n---\n\nAll week.\n",
        }
    )
    published.commit("Lakes")
    assert published.publish("--no-wait").outcome == "pushed"
    return published


def history(site: GitSite) -> History:
    found = history_of(site.root, environ=site.environ)
    assert found is not None
    return found


def restored(run: Run) -> None:
    assert (run.code, run.outcome) == (0, "pushed"), (run.out, run.err)


def test_every_publication_is_listed_with_what_changed(twice: GitSite) -> None:
    newest, oldest = history(twice).publications()

    assert newest.id == twice.tip()
    assert newest.source == twice.git("rev-parse", "HEAD")
    assert (newest.author, oldest.subject) == ("Ichi", "Publish the site")
    assert newest.changes is not None
    assert newest.changes[2] == 0
    assert " Pages " in newest.table
    changed = {(each.kind, each.address) for each in history(twice).changes(newest).changes}
    assert {("changed", "/about/"), ("changed", "/#about"), ("added", "/notes/rain/")} <= changed
    assert history(twice).changes(oldest).first


def test_any_file_of_any_publication_can_be_read(twice: GitSite) -> None:
    past = history(twice)
    newest, oldest = past.publications()

    now, then = past.file(newest, "/about/"), past.file(oldest, "/about/")
    assert now is not None
    assert then is not None
    assert b"lakes" in now.data
    assert b"rivers" in then.data
    assert past.file(oldest, "/notes/rain/") is None
    found = past.file(oldest, "/CNAME")
    assert found is not None
    assert found.data == b"ichi.example\n"


def test_a_publication_is_found_by_its_beginning_or_its_build(twice: GitSite) -> None:
    past = history(twice)
    newest, oldest = past.publications()

    assert past.find(oldest.id[:7]) == oldest
    assert past.find(newest.build) == newest
    assert [past.find(name) for name in ("", "abc", "--all", "zzzzzzz", "HEAD")] == [None] * 5


def test_restoring_is_a_new_commit_of_the_old_tree_upon_the_newest(twice: GitSite) -> None:
    newest, oldest = history(twice).publications()
    head = twice.git("rev-parse", "HEAD")
    run = twice.publish("--no-wait", "--restore", oldest.id[:8])

    restored(run)
    tip = twice.tip()
    assert twice.git("rev-parse", f"{tip}^", at=twice.remote) == newest.id
    assert twice.git("rev-parse", f"{tip}^{{tree}}", at=twice.remote) == oldest.tree
    (now, *_) = history(twice).publications()
    assert (now.restores, now.build, now.source) == (oldest.id, oldest.build, oldest.source)
    assert ("removed", "/notes/rain/") in run.changes()
    # The content is as it was: the next publication publishes it.
    assert twice.git("rev-parse", "HEAD") == head
    restored(twice.publish("--no-wait"))
    assert "lakes" in twice.shown("about/index.html")


def test_restoring_never_brings_back_another_domain_or_none(published: GitSite) -> None:
    oldest = published.tip()
    published.write({"config.toml": CONFIG.replace("ichi.example", "ni.example")})
    restored(published.publish("--no-wait"))
    restored(published.publish("--no-wait", "--restore", oldest))

    assert published.shown("CNAME") == "ni.example"
    assert {".nojekyll", "index.html"} <= set(published.published())


def test_restoring_what_is_published_already_changes_nothing(published: GitSite) -> None:
    before = published.tip()
    run = published.publish("--restore", before)

    assert (run.code, run.outcome, published.tip()) == (0, "unchanged", before)


def test_restoring_can_be_looked_at_first(twice: GitSite) -> None:
    before = twice.tip()
    run = twice.publish("--dry-run", "--restore", history(twice).publications()[1].id)

    assert (run.outcome, twice.tip()) == ("looked", before)
    assert ("changed", "/about/") in run.changes()


def test_restoring_something_unknown_is_told(published: GitSite) -> None:
    run = published.publish("--restore", "0000000")

    assert (run.code, run.outcome) == (1, "failed")
    assert "flask publications" in run.done["text"]


def test_where_ci_builds_the_way_back_is_named_and_leads_back(site: GitSite) -> None:
    site.write({"config.toml": CONFIG.replace("[publish]", '[publish]\nvia = "push"')})
    site.write({"content/about.md": "---\ntitle: About\n---\n\nOld words.\n"})
    assert site.publish("--no-wait").outcome == "pushed"
    old = history(site).publications()[0]
    site.write({"content/about.md": "---\ntitle: About\n---\n\nNew words.\n", "content/late.md": "Late."})
    assert site.publish("--no-wait").outcome == "pushed"
    before = site.tip("main")

    run = site.publish("--no-wait", "--restore", old.id)
    assert (run.code, run.outcome) == (1, "failed")
    assert "CI builds this site" in run.done["text"]
    command = f"git restore --source={old.source[:10]} config.toml content"
    assert f"To go back: {command}, then flask publish" in run.done["text"]
    site.git(*command.split()[1:])
    again = site.publish("--no-wait", "--allow", "vanished")
    assert (again.code, again.outcome) == (0, "pushed"), (again.out, again.err)
    assert "Old words." in site.shown("content/about.md", "main")
    assert "content/late.md" not in site.git("ls-tree", "-r", "--name-only", "main", at=site.remote)
    assert site.git("rev-parse", "main^", at=site.remote) == before


def test_where_ci_builds_now_an_old_branch_of_builds_is_left_alone(published: GitSite) -> None:
    published.write({"config.toml": CONFIG.replace("[publish]", '[publish]\nvia = "push"')})
    before = published.tip()

    run = published.publish("--no-wait", "--restore", before)
    assert (run.code, run.outcome, published.tip()) == (1, "failed", before)
    assert "CI builds this site" in run.done["text"]


def test_the_commands_list_show_and_restore(twice: GitSite) -> None:
    newest, oldest = history(twice).publications()

    def flask(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", FLASK, str(twice.root), *arguments], cwd=twice.root, env=twice.environ,
            capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    listed = flask("publications", "list").splitlines()
    assert [line.split()[0] for line in listed] == [newest.id[:10], oldest.id[:10]]
    shown = flask("publications", "show", newest.id[:7])
    assert "~ /about/" in shown
    assert "+ /notes/rain/" in shown
    assert f"source  {newest.source}" in shown
    assert "Pushed to origin/gh-pages" in flask("publications", "restore", oldest.id[:7], "--no-wait")
    assert "Nothing changed" not in flask("publish", "--no-wait")
    assert "lakes" in twice.shown("about/index.html")


def test_a_message_is_read_back_as_it_was_written() -> None:
    table = "        │ EN\n────────┼───\n Pages  │  7"
    message = message_of("春 の\tsite", table=table, build="ab12", source="c0ffee+", changes=(1, 2, 3))

    assert read_message(message) == (
        "春 の\tsite",
        {"Meishi-Build": "ab12", "Meishi-Source": "c0ffee+", "Meishi-Changes": "1 2 3"},
        table,
    )
    assert read_message("Update documentation\n") == ("Update documentation", {}, "")
