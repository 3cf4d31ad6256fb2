"""Commits of saves: of that file alone, and never at the price of the text."""

from __future__ import annotations

import shutil
from pathlib import Path, PurePosixPath

import pytest
from desks import ABOUT, OWNER, PAGE, git, new_checkout, new_desk, new_site

from meishi.content.editing.desk import Saved
from meishi.content.editing.errors import GitBusyError, GitError
from meishi.content.editing.git import Author


@pytest.fixture(autouse=True)
def own_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the settings of whoever runs the tests out of them."""
    (tmp_path / "gitconfig").write_text("[safe]\n\tdirectory = *\n", encoding="utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def site(tmp_path: Path, need: object) -> Path:
    need("git")  # type: ignore[operator]
    return new_checkout(tmp_path / "site")


def save(site: Path, text: str = PAGE + "More.\n", author: Author = OWNER, **options: object) -> Saved:
    desk = new_desk(site, git=True, **options)  # type: ignore[arg-type]
    return desk.save(ABOUT, text, desk.open(ABOUT).version, author)


def head(site: Path) -> str:
    return git(site, "rev-parse", "HEAD").strip()


def test_a_save_is_a_commit_by_the_owner_of_that_file_alone(site: Path) -> None:
    (site / "content" / "other.md").write_text("staged\n", encoding="utf-8")
    git(site, "add", "content/other.md")
    (site / "config.toml").write_text("untracked\n", encoding="utf-8")

    saved = save(site)

    assert saved.commit == head(site)
    shown = git(site, "show", "--stat", "--format=%an <%ae>%n%s", "--name-only", "HEAD").split("\n")
    assert [line for line in shown if line] == [
        "Hanako <hanako@example.org>",
        "Edit content/about.md",
        "content/about.md",
    ]
    assert git(site, "status", "--porcelain").splitlines() == ["A  content/other.md", "?? config.toml"]


def test_an_owner_without_an_address_or_a_name_can_commit(site: Path) -> None:
    assert save(site, "1\n", Author("Only a name")).commit
    assert save(site, "2\n", Author("")).notice is None
    assert git(site, "log", "-1", "--format=%an").strip() == "Meishi"


def test_an_unchanged_save_commits_nothing(site: Path) -> None:
    before = head(site)
    assert save(site, PAGE).commit is None
    assert head(site) == before


def test_new_moved_deleted_and_restored_files_are_commits(site: Path) -> None:
    desk = new_desk(site, git=True)
    new = PurePosixPath("notes/旅 [1].md")
    desk.create(new, "旅\n", OWNER)
    desk.rename(new, PurePosixPath("notes/trip.md"), OWNER)
    thrown = desk.delete(PurePosixPath("notes"), OWNER)
    assert thrown.commit == head(site)
    desk.restore(thrown.item.id, OWNER)

    assert git(site, "log", "--format=%s", "-4").splitlines() == [
        "Restore content/notes",
        "Delete content/notes",
        "Move content/notes/旅 [1].md to content/notes/trip.md",
        "Add content/notes/旅 [1].md",
    ]
    assert git(site, "status", "--porcelain") == ""


def test_the_history_follows_a_file_to_its_former_names(site: Path) -> None:
    save(site)
    desk = new_desk(site, git=True)
    desk.rename(ABOUT, PurePosixPath("me.md"), OWNER)
    for folder in ("texts", "saves"):
        shutil.rmtree(site / "instance/desk/content" / folder)

    versions = desk.versions(PurePosixPath("me.md"))
    texts = [desk.past(PurePosixPath("me.md"), version.id) for version in versions]
    assert texts == [PAGE + "More.\n", PAGE + "More.\n", PAGE]
    assert [version.size for version in versions] == [len(text or "") for text in texts]
    assert versions[-1].author == "Terminal"


def test_a_name_that_looks_like_a_pattern_means_itself(site: Path) -> None:
    desk = new_desk(site, git=True)
    desk.create(PurePosixPath("ab.md"), "committed\n", OWNER)
    (site / "content" / "ab.md").write_text("the owner is still at it\n", encoding="utf-8")
    desk.create(PurePosixPath("a[b].md"), "x\n", OWNER)
    opened = desk.open(PurePosixPath("a[b].md"))
    desk.save(opened.path, "y\n", opened.version, OWNER)

    assert git(site, "status", "--porcelain") == " M content/ab.md\n"


def test_what_git_knows_is_not_listed_twice(site: Path) -> None:
    save(site)
    assert [version.author for version in new_desk(site, git=True).versions(ABOUT)] == ["Hanako", "Terminal"]


def test_a_commit_that_fails_leaves_nothing_staged(site: Path) -> None:
    hook = site / ".git" / "hooks" / "prepare-commit-msg"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho no >&2\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    created = new_desk(site, git=True).create(PurePosixPath("new.md"), "x\n", OWNER)

    assert isinstance(created.notice, GitError)
    assert "git says “no”" in str(created.notice)
    assert git(site, "diff", "--cached", "--name-only") == ""


def test_without_the_switch_nothing_is_committed(site: Path) -> None:
    before = head(site)
    desk = new_desk(site, git=False)
    saved = desk.save(ABOUT, "new\n", desk.open(ABOUT).version, OWNER)

    assert (saved.commit, saved.notice, head(site)) == (None, None, before)


def test_a_folder_that_is_no_checkout_saves_all_the_same(tmp_path: Path) -> None:
    site = new_site(tmp_path / "plain")
    saved = save(site)
    assert (saved.commit, saved.notice) == (None, None)


def test_a_machine_without_git_saves_all_the_same(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    saved = save(site)
    assert (saved.commit, saved.notice) == (None, None)


def test_a_file_that_git_ignores_is_saved_and_not_committed(site: Path) -> None:
    (site / ".gitignore").write_text("/instance/\n/content/draft.md\n", encoding="utf-8")
    before = head(site)
    saved = new_desk(site, git=True).create(PurePosixPath("draft.md"), "x\n", OWNER)
    assert (saved.commit, saved.notice, head(site)) == (None, None, before)


def test_the_first_commit_of_a_checkout_can_be_a_save(tmp_path: Path) -> None:
    site = new_site(tmp_path / "site")
    git(site, "init", "-q", "-b", "main")
    assert save(site).commit == head(site)
    assert git(site, "ls-files").split() == ["content/about.md"]


def busy(saved: Saved, words: str) -> None:
    assert saved.commit is None
    assert isinstance(saved.notice, GitBusyError)
    assert words in str(saved.notice)
    assert str(saved.notice).startswith("content/about.md: saved")


def test_a_locked_index_keeps_the_text_and_the_next_save_commits_it(site: Path) -> None:
    lock = site / ".git" / "index.lock"
    lock.touch()
    busy(save(site, "kept\n", patience=0.1), "index.lock")
    assert (site / "content" / "about.md").read_text(encoding="utf-8") == "kept\n"

    lock.unlink()
    again = save(site, "kept\n")

    assert again.commit == head(site)
    assert git(site, "show", "HEAD:content/about.md") == "kept\n"


def test_a_new_file_under_a_locked_index_is_committed_later(site: Path) -> None:
    lock = site / ".git" / "index.lock"
    lock.touch()
    path = PurePosixPath("new.md")
    desk = new_desk(site, git=True, patience=0.1)
    created = desk.create(path, "new\n", OWNER)
    assert isinstance(created.notice, GitBusyError)

    lock.unlink()
    assert desk.save(path, "new\n", created.version, OWNER).commit == head(site)


def test_a_merge_under_way_is_left_alone(site: Path) -> None:
    git(site, "switch", "-q", "-c", "side")
    (site / "content" / "other.md").write_text("side\n", encoding="utf-8")
    git(site, "add", ".")
    git(site, "commit", "-q", "-m", "Side")
    git(site, "switch", "-q", "main")
    (site / "content" / "other.md").write_text("main\n", encoding="utf-8")
    git(site, "add", ".")
    git(site, "commit", "-q", "-m", "Main")
    with pytest.raises(AssertionError):
        git(site, "merge", "side")
    before = git(site, "status", "--porcelain")

    busy(save(site), "a merge is under way")

    assert git(site, "status", "--porcelain").splitlines() == [
        " M content/about.md",
        *before.splitlines(),
    ]


@pytest.mark.parametrize("name", ["rebase-merge", "CHERRY_PICK_HEAD", "REVERT_HEAD", "BISECT_LOG"])
def test_other_work_under_way_is_left_alone(site: Path, name: str) -> None:
    (site / ".git" / name).mkdir()
    before = head(site)
    busy(save(site), "under way")
    assert head(site) == before


def test_without_a_branch_nothing_is_committed(site: Path) -> None:
    git(site, "checkout", "-q", "--detach")
    busy(save(site), "no branch")


def test_a_failing_hook_and_a_missing_key_do_not_stop_a_save(site: Path) -> None:
    hook = site / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    git(site, "config", "commit.gpgsign", "true")
    git(site, "config", "user.signingkey", "nobody")
    assert save(site).commit == head(site)


def test_a_git_that_does_not_answer_does_not_stop_a_save(site: Path, tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from meishi.content.editing.desk import Desk
    from meishi.content.editing.git import GitOptions

    slow = tmp_path / "slow-git"
    slow.write_text('#!/bin/sh\ncase "$1" in status) exec sleep 30;; esac\nexec git "$@"\n', encoding="utf-8")
    slow.chmod(0o755)
    options = GitOptions(program=str(slow), timeout=0.5)
    desk = Desk(site, site / "instance", clock=lambda: datetime.now(UTC), git=options)
    busy(desk.save(ABOUT, "kept\n", desk.open(ABOUT).version, OWNER), "did not answer")
    assert (site / "content" / "about.md").read_text(encoding="utf-8") == "kept\n"


def test_a_damaged_repository_does_not_stop_a_save_or_the_history(site: Path) -> None:
    (site / ".git" / "index").write_bytes(b"damaged")
    saved = save(site)
    assert isinstance(saved.notice, GitError)
    shutil.rmtree(site / ".git" / "objects")
    texts = {new_desk(site, git=True).past(ABOUT, one.id) for one in new_desk(site, git=True).versions(ABOUT)}
    assert texts == {PAGE, PAGE + "More.\n"}


def test_a_worktree_and_a_submodule_are_checkouts_too(site: Path, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    git(site, "worktree", "add", "-q", "-b", "desk", str(tree))
    assert save(tree, "in the worktree\n").commit == head(tree) != head(site)

    outer = tmp_path / "outer"
    outer.mkdir()
    git(outer, "init", "-q", "-b", "main")
    git(outer, "submodule", "--quiet", "add", str(site), "site")
    inner = outer / "site"
    git(inner, "switch", "-q", "main")
    assert save(inner, "in the submodule\n").commit == head(inner)
    assert git(outer, "log", "--all", "--format=%s") == ""


def test_a_site_below_the_top_of_its_checkout_commits(tmp_path: Path) -> None:
    top = tmp_path / "top"
    new_site(top / "web" / "site")
    git(top, "init", "-q", "-b", "main")
    assert save(top / "web" / "site").commit == head(top)


def test_variables_of_a_git_hook_do_not_mislead(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere/.git")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere/index")
    saved = save(site)
    monkeypatch.delenv("GIT_DIR")
    monkeypatch.delenv("GIT_INDEX_FILE")
    assert saved.commit == head(site)
