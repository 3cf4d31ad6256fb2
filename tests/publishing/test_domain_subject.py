"""What the doctor knows of a site before it asks anybody: from its settings and its checkout."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from git_sites import CONFIG, GitSite

from meishi.config import load_site_config
from meishi.publishing.domain.github_checks import check_file
from meishi.publishing.domain.subject import Subject, subject_of

NewSite = Callable[..., GitSite]


def subject(site: GitSite) -> Subject:
    return subject_of(load_site_config(site.root), site.environ)


def test_the_file_that_publishing_leaves_is_the_one_that_is_looked_for(site: GitSite) -> None:
    assert check_file(subject(site), "ichi.example").code == "unpublished"

    assert site.publish("--no-wait").outcome == "pushed"

    found = subject(site)
    assert (found.published, found.cname_file) == (True, "ichi.example\n")
    assert check_file(found, "ichi.example").level == "good"
    assert check_file(found, "www.ichi.example").code == "other"


def test_a_branch_without_the_file_is_told(published: GitSite) -> None:
    place = published.root.parent / "other"
    published.git("clone", "-q", "-b", "gh-pages", str(published.remote), str(place), at=published.root)
    published.git("rm", "-q", "CNAME", at=place)
    published.git("commit", "-q", "-m", "Deploy with another tool", at=place)
    published.git("push", "-q", "origin", "gh-pages", at=place)
    published.git("fetch", "-q", "origin")

    found = subject(published)

    assert (found.published, found.cname_file) == (True, None)
    assert check_file(found, "ichi.example").code == "missing"


def test_the_owner_is_read_from_the_remote_that_is_published_to(site: GitSite) -> None:
    config = CONFIG.replace("[publish]\n", '[publish]\nremote = "pages"\nbranch = "public"\n')
    site.write({"config.toml": config})
    assert subject(site).owner == ""  # there is no such remote

    site.git("remote", "add", "pages", "https://x:secret@github.com/Ichi/web.git")

    found = subject(site)
    assert (found.owner, found.repository, found.branch) == ("Ichi", "web", "public")
    assert "secret" not in repr(found)


def test_by_push_ci_publishes(site: GitSite) -> None:
    site.write({"config.toml": CONFIG.replace("[publish]\n", '[publish]\nvia = "push"\n')})

    assert subject(site).by_ci


def test_outside_of_git_the_settings_alone_count(tmp_path: Path, site: GitSite) -> None:
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "config.toml").write_text(CONFIG, encoding="utf-8")

    found = subject_of(load_site_config(tmp_path / "plain"), site.environ)

    assert found == Subject("https://ichi.example/")
