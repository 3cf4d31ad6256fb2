"""Publishing by a push of the content: it is checked here, and built by CI."""

from __future__ import annotations

from git_sites import CONFIG, GitSite

PUSH = ("--via", "push", "--no-wait")


def test_what_was_written_is_committed_and_pushed(site: GitSite) -> None:
    site.write(
        {
            "content/about.md": "---\ntitle: About\n---\n\nNew.\n",
            "content/新 しい.md": "---\ntitle: New\n---\n",
        }
    )
    (site.root / "content/notes/tea.md").unlink()
    run = site.publish(*PUSH)

    assert (run.code, run.outcome) == (0, "pushed"), (run.out, run.err)
    assert set(run.plan["files"]) == {"content/about.md", "content/新 しい.md", "content/notes/tea.md"}
    assert site.tip("main") == site.git("rev-parse", "HEAD")
    assert site.git("status", "--porcelain") == ""
    assert site.shown("content/about.md", "main").endswith("New.")
    assert site.tip("gh-pages") == ""


def test_commits_that_wait_go_out_and_are_shown(site: GitSite) -> None:
    site.write({"content/about.md": "---\ntitle: About\n---\n\nNew.\n"})
    site.commit("Write anew about me")
    run = site.publish(*PUSH)

    assert run.outcome == "pushed"
    assert run.plan["commits"] == ["Write anew about me"]
    assert site.tip("main") == site.git("rev-parse", "HEAD")


def test_nothing_to_push_is_a_success(site: GitSite) -> None:
    before = site.tip("main")
    run = site.publish(*PUSH)

    assert (run.code, run.outcome, site.tip("main")) == (0, "unchanged", before)


def test_config_toml_can_choose_this_way(site: GitSite) -> None:
    site.write({"config.toml": CONFIG.replace("[publish]", '[publish]\nvia = "push"')})
    run = site.publish("--no-wait")

    assert (run.outcome, run.plan["via"], run.plan["branch"]) == ("pushed", "push", "main")


def test_other_changed_files_are_shown_and_left_alone(site: GitSite) -> None:
    site.write({"content/about.md": "---\ntitle: About\n---\n\nNew.\n", "templates/x.html": "half a thought"})
    site.write({"staged.txt": "half staged"})
    site.git("add", "staged.txt")
    before = site.tip("main")
    run = site.publish(*PUSH)
    assert (run.outcome, run.gates, site.tip("main")) == ("refused", ["uncommitted"], before)
    (gate,) = run.plan["gates"]
    assert {each["source"] for each in gate["findings"]} == {"templates/x.html", "staged.txt"}

    run = site.publish(*PUSH, "--allow", "uncommitted")
    assert run.outcome == "pushed", run.err
    assert site.git("status", "--porcelain").splitlines() == ["A  staged.txt", "?? templates/"]


def test_pages_that_git_ignores_are_told(site: GitSite) -> None:
    site.write({".gitignore": "/build/\n/.cache/\n/instance/\n*.draft.md\n", "content/a.draft.md": "x"})
    site.commit()
    run = site.publish(*PUSH)

    assert run.gates == ["uncommitted"]
    assert run.plan["gates"][0]["findings"][0]["source"] == "content/a.draft.md"


def test_a_build_that_would_fail_is_not_pushed(site: GitSite) -> None:
    site.write({"content/about.md": "---\ntitle: About\n---\n\nSee [this](/nowhere/).\n"})
    before = site.tip("main")
    run = site.publish(*PUSH)

    assert (run.outcome, run.gates, site.tip("main")) == ("refused", ["links"], before)
    assert site.git("status", "--porcelain") != ""  # nothing was committed either


def test_the_next_publication_is_compared_with_the_last_one(site: GitSite) -> None:
    site.write({"content/about.md": "---\ntitle: About\n---\n\nNew.\n"})
    assert site.publish(*PUSH).plan["difference"]["first"]
    site.write({"content/about.md": "---\ntitle: About\n---\n\nNewer.\n"})
    (site.root / "content/notes/tea.md").unlink()
    run = site.publish(*PUSH)

    assert run.gates == ["vanished"]
    assert ("changed", "/about/") in run.changes()


def test_commits_of_others_stop_it_until_they_are_merged(site: GitSite) -> None:
    other = site.root.parent / "second"
    site.git("clone", "--quiet", str(site.remote), str(other), at=site.root.parent)
    (other / "content/other.md").write_text("---\ntitle: Other\n---\n", encoding="utf-8")
    site.git("add", ".", at=other)
    site.git("commit", "--quiet", "-m", "Write elsewhere", at=other)
    site.git("push", "--quiet", at=other)
    theirs = site.tip("main")
    site.write({"content/about.md": "---\ntitle: About\n---\n\nNew.\n"})

    run = site.publish(*PUSH)
    assert (run.outcome, run.gates, site.tip("main")) == ("refused", ["remote_moved"], theirs)
    assert run.plan["gates"][0]["findings"][0]["text"] == "Write elsewhere"

    run = site.publish(*PUSH, "--allow", "remote_moved")
    assert run.outcome == "pushed", (run.out, run.err)
    site.git("merge-base", "--is-ancestor", theirs, "main", at=site.remote)
    assert (site.root / "content/other.md").exists()


def test_commits_that_do_not_merge_are_left_to_the_owner(site: GitSite) -> None:
    other = site.root.parent / "second"
    site.git("clone", "--quiet", str(site.remote), str(other), at=site.root.parent)
    (other / "content/about.md").write_text("---\ntitle: Theirs\n---\n", encoding="utf-8")
    site.git("commit", "--quiet", "-am", "Write elsewhere", at=other)
    site.git("push", "--quiet", at=other)
    site.write({"content/about.md": "---\ntitle: Mine\n---\n"})
    site.commit("Write here")

    run = site.publish(*PUSH, "--allow", "remote_moved")
    assert (run.code, run.outcome) == (1, "failed")
    assert "git pull" in run.done["text"]
    assert site.git("status", "--porcelain") == ""  # no half merge stays
    assert "Mine" in (site.root / "content/about.md").read_text(encoding="utf-8")


def test_without_a_branch_it_says_so(site: GitSite) -> None:
    site.git("switch", "--quiet", "--detach")
    run = site.publish(*PUSH)

    assert (run.code, run.outcome) == (1, "failed")
    assert "git switch main" in run.done["text"]
