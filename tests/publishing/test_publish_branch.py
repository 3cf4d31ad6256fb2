"""Publishing from here: a forward commit on gh-pages that holds the build, and nothing else is touched."""

from __future__ import annotations

import hashlib

from git_sites import GitSite, Run

from meishi.publishing.publication import read_message
from meishi.publishing.stamp import stamp_of

ABOUT = "---\ntitle: About\nweight: 1\n---\n\nI draw {} now.\n"


def edit(site: GitSite, text: str) -> None:
    site.write({"content/about.md": ABOUT.format(text)})


def ok(run: Run) -> Run:
    assert run.outcome in {"pushed", "live"}, (run.out, run.err)
    return run


def test_the_first_publication_is_the_build_with_cname_and_nojekyll(site: GitSite) -> None:
    run = ok(site.publish("--no-wait"))

    files = site.published()
    built = {path.relative_to(site.root / "build").as_posix() for path in (site.root / "build").rglob("*")
             if path.is_file()}  # fmt: skip
    assert set(files) == built
    assert {"CNAME", ".nojekyll", "index.html", "about/index.html"} <= set(files)
    assert site.shown("CNAME") == "ichi.example"
    assert run.plan["difference"]["first"]
    assert run.code == 0


def test_a_publication_tells_its_build_its_source_its_table_and_its_changes(published: GitSite) -> None:
    edit(published, "maps")
    head = published.commit("Draw")
    ok(published.publish("--no-wait"))

    message = published.git("log", "-1", "--format=%B", "gh-pages", at=published.remote)
    subject, trailers, table = read_message(message)
    assert subject == "Publish: 2 changed"
    assert trailers["Meishi-Build"] == stamp_of(published.shown("index.html").encode())
    assert trailers["Meishi-Source"] == head
    assert trailers["Meishi-Changes"] == "0 2 0"
    assert " Pages " in table
    author = published.git("log", "-1", "--format=%an <%ae>", "gh-pages", at=published.remote)
    assert author == "Ichi <ichi@example.com>"


def test_content_that_is_in_no_commit_is_marked_in_the_source(published: GitSite) -> None:
    edit(published, "without a commit")
    ok(published.publish("--no-wait"))

    trailers = read_message(published.git("log", "-1", "--format=%B", "gh-pages", at=published.remote))[1]
    assert trailers["Meishi-Source"] == published.git("rev-parse", "HEAD") + "+"


def test_the_history_goes_on(published: GitSite) -> None:
    first = published.tip()
    edit(published, "more")
    ok(published.publish("--no-wait"))

    assert published.git("rev-parse", "gh-pages^", at=published.remote) == first
    assert published.git("rev-list", "--count", "gh-pages", at=published.remote) == "2"


def test_the_plan_shows_what_visitors_will_see_change(published: GitSite) -> None:
    edit(published, "maps of towns")
    published.write({"content/notes/rain.md": "---\ntitle: Rain\ndate: 2026-02-01\n---\n\nAll week.\n"})
    run = published.publish("--dry-run")

    seen = run.changes()
    assert {("changed", "/about/"), ("changed", "/#about"), ("added", "/notes/rain/")} <= seen
    assert ("changed", "/work/") not in seen
    change = next(each for each in run.plan["difference"]["changes"] if each["address"] == "/about/")
    assert change["source"] == "about.md"
    data = (published.root / "build/about/index.html").read_bytes()
    assert change["size"] == len(data)
    assert change["blob"] == hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
    assert change["old_blob"] == published.published()["about/index.html"]


def test_the_id_alone_is_no_change_of_the_home_page(published: GitSite) -> None:
    published.write({"static/files/a.txt": "A file that no page shows."})
    run = published.publish("--dry-run")

    assert run.changes() == {("added", "/files/a.txt")}


def test_looking_first_publishes_nothing(published: GitSite) -> None:
    before = published.tip()
    edit(published, "something else")
    run = published.publish("--dry-run")

    assert (run.code, run.outcome, published.tip()) == (0, "looked", before)


def test_nothing_changed_is_said_and_is_a_success(published: GitSite) -> None:
    before = published.tip()
    run = published.publish()

    assert (run.code, run.outcome, published.tip()) == (0, "unchanged", before)
    assert "Nothing changed" in run.done["text"]


def test_what_was_taken_back_before_publishing_is_no_change(published: GitSite) -> None:
    original = (published.root / "content/about.md").read_text(encoding="utf-8")
    edit(published, "nonsense")
    assert published.publish("--dry-run").outcome == "looked"
    published.write({"content/about.md": original})

    assert published.publish().outcome == "unchanged"


def test_the_checkout_and_the_owners_branches_stay_as_they_are(published: GitSite) -> None:
    published.git("branch", "gh-pages")  # the owner's own, of whatever is in it
    published.write({"notes.txt": "staged"})
    published.git("add", "notes.txt")
    edit(published, "with an index full of other things")
    before = (published.git("status", "--porcelain"), published.git("for-each-ref", "refs/heads"))
    ok(published.publish("--no-wait"))

    assert (published.git("status", "--porcelain"), published.git("for-each-ref", "refs/heads")) == before


def test_a_site_in_a_folder_of_a_repository_is_published_alone(published: GitSite) -> None:
    web = published.root / "web"
    web.mkdir()
    for name in ("config.toml", "content", ".cache"):
        (published.root / name).rename(web / name)
    inner = GitSite(web, published.remote, published.environ)
    before = set(inner.published())
    edit(inner, "from a folder")
    run = ok(inner.publish("--no-wait", "--allow", "remote_moved"))

    assert ("changed", "/about/") in run.changes()
    assert set(inner.published()) == before


def test_names_in_any_script_are_published(published: GitSite) -> None:
    published.write({"content/名刺.md": "---\ntitle: 名刺\n---\n\nかみ。\n", "static/files/ä ö.txt": "x"})
    ok(published.publish("--no-wait"))

    files = published.git("ls-tree", "-r", "-z", "--name-only", "gh-pages", at=published.remote).split("\0")
    assert {"名刺/index.html", "files/ä ö.txt"} <= set(files)


def test_a_repository_of_sha256_works_too(new_site: object) -> None:
    site: GitSite = new_site(init=("--object-format=sha256",), name="256")  # type: ignore[operator]
    ok(site.publish("--no-wait"))
    run = site.publish()

    assert run.outcome == "unchanged"
    assert len(site.tip()) == 64


def test_without_git_or_a_remote_the_way_out_is_told(site: GitSite) -> None:
    site.git("remote", "remove", "origin")
    run = site.publish()
    assert (run.code, run.outcome) == (1, "failed")
    assert "git remote add origin" in run.done["text"]

    (site.root / ".git").rename(site.root.parent / "away")
    run = site.publish(GIT_CEILING_DIRECTORIES=str(site.root.parent))
    assert (run.code, run.outcome) == (1, "failed")
    assert "git init" in run.done["text"]


def test_an_error_in_the_content_stops_it_and_names_the_line(published: GitSite) -> None:
    before = published.tip()
    published.write({"content/about.md": "---\ntitle: [\n---\n"})
    run = published.publish()

    assert (run.code, run.outcome, published.tip()) == (1, "failed", before)
    error = next(event for event in run.events if event["kind"] == "error")
    assert (error["data"]["path"], error["data"]["line"]) == ("content/about.md", 3)


def test_a_chosen_message_is_the_commits_subject(site: GitSite) -> None:
    ok(site.publish("--no-wait", "--message", "春の模様替え"))

    assert site.git("log", "-1", "--format=%s", "gh-pages", at=site.remote) == "春の模様替え"
