"""Publishing over http with credentials, and all that can go wrong between here and the remote."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from forge import Forge, forge_on
from git_sites import GitSite

TOKEN = "s3cret-tok3n-of-ichi"
EDIT = {"content/about.md": "---\ntitle: About\nweight: 1\n---\n\nI draw maps of lakes.\n"}


@pytest.fixture
def forge(published: GitSite) -> Iterator[Forge]:
    """Serve the site's remote over http, and make it the site's remote."""
    projects = published.remote.parent / "projects"
    place = projects / "ichi" / "web.git"
    place.parent.mkdir(parents=True)
    shutil.move(published.remote, place)
    published.remote = place
    with forge_on(projects) as forge:
        published.git("remote", "set-url", "origin", f"{forge.url}/ichi/web.git")
        published.environ |= {"GITHUB_SERVER_URL": forge.url, "MEISHI_GITHUB_API": f"{forge.url}/api"}
        published.write(EDIT)
        yield forge


def kept(site: GitSite) -> str:
    """Return all that a publication leaves on the disk and in the checkout's settings."""
    files = [path for path in (site.root / "instance").rglob("*") if path.is_file()]
    files += [site.root / ".git/config"]
    return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in files)


def test_a_token_of_the_environment_opens_the_remote_and_is_never_shown(
    published: GitSite, forge: Forge
) -> None:
    forge.token = TOKEN
    run = published.publish("--no-wait", GITHUB_TOKEN=TOKEN)

    assert (run.code, run.outcome) == (0, "pushed"), (run.out, run.err)
    assert "lakes" in published.shown("about/index.html")
    assert TOKEN not in run.out + run.err + kept(published)


def test_a_refused_token_is_told_without_showing_it(published: GitSite, forge: Forge) -> None:
    forge.token = "another one"
    before = published.tip()
    run = published.publish("--no-wait", GITHUB_TOKEN=TOKEN, GIT_TRACE="1", GIT_CURL_VERBOSE="1")

    assert (run.code, run.outcome, published.tip()) == (1, "failed", before)
    assert "does not let you in" in run.done["text"]
    assert "GITHUB_TOKEN" in run.done["text"]
    shown = run.out + run.err + kept(published)
    assert TOKEN not in shown
    assert not any(header[6:] and header[6:] in shown for header in forge.headers)
    assert any(forge.headers)


def test_without_credentials_it_fails_at_once_instead_of_asking(published: GitSite, forge: Forge) -> None:
    forge.token = TOKEN
    run = published.publish("--no-wait")

    assert (run.code, run.outcome) == (1, "failed")
    assert "does not let you in" in run.done["text"]


def test_a_token_goes_to_github_alone(published: GitSite, forge: Forge) -> None:
    run = published.publish("--no-wait", GITHUB_TOKEN=TOKEN, GITHUB_SERVER_URL="")

    assert run.outcome == "pushed"
    assert set(forge.headers) == {""}


def test_gits_own_credential_helper_is_used(published: GitSite, forge: Forge) -> None:
    forge.token = TOKEN
    published.git("config", "credential.helper", f"!f() {{ echo username=ichi; echo password={TOKEN}; }}; f")
    run = published.publish("--no-wait")

    assert run.outcome == "pushed", run.out
    assert TOKEN not in run.out + run.err


def test_a_password_in_the_remotes_address_is_not_shown(published: GitSite, forge: Forge) -> None:
    forge.token = TOKEN
    published.git(
        "remote", "set-url", "origin", forge.url.replace("//", f"//ichi:{TOKEN}@") + "/ichi/web.git"
    )
    run = published.publish("--no-wait")
    assert run.outcome == "pushed", run.out
    assert TOKEN not in run.out + run.err

    published.git(
        "remote", "set-url", "origin", forge.url.replace("//", f"//ichi:{TOKEN}@") + "/ichi/gone.git"
    )
    run = published.publish("--no-wait")
    assert run.outcome == "failed"
    assert TOKEN not in run.out + run.err


def test_a_network_cut_in_the_middle_leaves_the_old_site_and_the_next_try_works(
    published: GitSite, forge: Forge
) -> None:
    before = published.tip()
    forge.cut = "before"
    run = published.publish("--no-wait")
    assert (run.code, run.outcome, published.tip()) == (1, "failed", before)
    assert "could not be reached" in run.done["text"]
    assert "what was published before stays" in run.done["text"]

    forge.cut = ""
    assert published.publish("--no-wait").outcome == "pushed"
    assert published.git("rev-parse", "gh-pages^", at=published.remote) == before


def test_a_push_whose_answer_got_lost_is_recognised(published: GitSite, forge: Forge) -> None:
    before = published.tip()
    forge.cut = "after"
    run = published.publish("--no-wait")

    assert (run.code, run.outcome) == (0, "pushed"), run.out
    assert published.git("rev-parse", "gh-pages^", at=published.remote) == before


def test_of_two_who_publish_at_once_the_later_is_stopped_and_told(published: GitSite, forge: Forge) -> None:
    other = published.root.parent / "second"
    published.git(
        "clone", "--quiet", "--branch", "gh-pages", str(published.remote), str(other), at=other.parent
    )

    def publish_first() -> None:
        (other / "theirs.html").write_text("theirs", encoding="utf-8")
        published.git("add", ".", at=other)
        published.git("-c", "user.name=Ni", "commit", "--quiet", "-m", "Theirs", at=other)
        published.git("push", "--quiet", "origin", "gh-pages", at=other)

    forge.before_push = publish_first
    run = published.publish("--no-wait")
    assert (run.code, run.outcome) == (1, "failed"), run.out
    assert "Ni" in run.done["text"]
    assert "not overwritten" in run.done["text"]
    assert "theirs.html" in published.published()

    # The next try shows it as what it is, and stands upon it.
    theirs = published.tip()
    assert "remote_moved" in published.publish("--no-wait").gates
    run = published.publish("--no-wait", "--allow", "remote_moved", "--allow", "vanished")
    assert run.outcome == "pushed"
    assert published.git("rev-parse", "gh-pages^", at=published.remote) == theirs


def test_a_rule_of_the_remote_that_refuses_is_told_in_its_own_words(published: GitSite) -> None:
    before = published.tip()
    hook = published.remote / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'Only on Mondays.' >&2\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    published.write(EDIT)
    run = published.publish("--no-wait")

    assert (run.code, run.outcome, published.tip()) == (1, "failed", before)
    assert "refused the push" in run.done["text"]
    assert "Only on Mondays." in run.done["text"]


def test_a_remote_that_is_not_there_is_told(published: GitSite) -> None:
    published.git("remote", "set-url", "origin", str(published.remote) + "-gone")
    published.write(EDIT)
    run = published.publish("--no-wait")

    assert (run.code, run.outcome) == (1, "failed")
    assert "there is no repository" in run.done["text"]
