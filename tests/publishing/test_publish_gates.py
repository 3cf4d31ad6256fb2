"""The gates: each stops a publication, says what to do, and is passed by its name alone."""

from __future__ import annotations

import pytest
from git_sites import CONFIG, GitSite

from meishi.config import load_site_config
from meishi.publishing.checking import base_url_gate
from meishi.publishing.remotes import Remote

PAGE = "---\ntitle: {}\n---\n\n{}\n"


def refused(site: GitSite, name: str) -> dict[str, object]:
    before = site.tip()
    run = site.publish("--no-wait")
    assert (run.code, run.outcome, site.tip()) == (1, "refused", before), (run.out, run.err)
    assert run.gates == [name]
    assert f"--allow {name}" in run.done["text"]
    gate: dict[str, object] = next(each for each in run.plan["gates"] if each["name"] == name)
    assert gate["hint"]
    return gate


def passes(site: GitSite, *names: str) -> None:
    before = site.tip()
    run = site.publish("--no-wait", *(word for name in names for word in ("--allow", name)))
    assert (run.code, run.outcome) == (0, "pushed"), (run.out, run.err)
    assert site.tip() != before


def test_a_broken_link_stops_it_and_names_the_line(published: GitSite) -> None:
    published.write({"content/about.md": PAGE.format("About", "See [this](/nowhere/).")})

    gate = refused(published, "links")
    (finding,) = [each for each in gate["findings"] if each["source"] == "content/about.md"][:1]  # type: ignore[attr-defined]
    assert finding["line"] == 5
    assert "/nowhere/" in finding["text"]

    passes(published, "links")
    assert "/nowhere/" in published.shown("about/index.html")


def test_other_gates_stay_closed_when_one_is_allowed(published: GitSite) -> None:
    published.write({"content/about.md": PAGE.format("About", "See [this](/nowhere/).")})
    (published.root / "content/notes/tea.md").unlink()

    run = published.publish("--no-wait", "--allow", "links")
    assert (run.outcome, run.gates) == ("refused", ["vanished"])
    passes(published, "links", "vanished")


def test_drafts_do_not_go_out_by_mistake(published: GitSite) -> None:
    published.write(
        {
            "config.toml": "buildDrafts = true\n" + CONFIG,
            "content/secret.md": "---\ntitle: Secret\ndraft: true\n---\n",
        }
    )

    gate = refused(published, "drafts")
    assert [each["source"] for each in gate["findings"]] == ["secret.md"]  # type: ignore[attr-defined]
    passes(published, "drafts")


def test_drafts_that_stay_at_home_stop_nothing(published: GitSite) -> None:
    published.write({"content/secret.md": "---\ntitle: Secret\ndraft: true\n---\n"})

    assert published.publish().outcome == "unchanged"


def test_the_domain_is_never_lost_by_the_way(published: GitSite) -> None:
    published.write({"config.toml": CONFIG.replace("ichi.example", "ichi.github.io")})

    gate = refused(published, "base_url")
    assert "ichi.example" in gate["findings"][0]["text"]  # type: ignore[index]
    assert published.shown("CNAME") == "ichi.example"


def test_another_domain_is_no_lost_one(published: GitSite) -> None:
    published.write({"config.toml": CONFIG.replace("ichi.example", "ni.example")})
    passes(published)

    assert published.shown("CNAME") == "ni.example"


@pytest.mark.parametrize(
    ("base_url", "repository", "fits"),
    [
        ("https://ichi.github.io/web/", "web", True),
        ("https://ichi.github.io/", "ichi.github.io", True),
        ("https://Ichi.github.io/", "Ichi.github.io", True),
        ("https://www.ichi.jp/", "web", True),
        ("https://www.ichi.jp/web/", "web", True),  # a project page under the domain of the user's own page
        ("https://ichi.github.io/", "web", False),
        ("https://ichi.github.io/web/", "ichi.github.io", False),
        ("https://ni.github.io/web/", "web", False),
        ("https://www.ichi.jp/other/", "web", False),
        ("https://www.example.org/", "web", False),
        ("http://localhost:5000/", "web", False),
        ("", "web", False),
    ],
)
def test_a_base_url_has_to_fit_the_remote(
    tmp_path: object, base_url: str, repository: str, fits: bool
) -> None:
    (tmp_path / "config.toml").write_text(f'baseURL = "{base_url}"\n', encoding="utf-8")  # type: ignore[operator]
    remote = Remote("origin", f"git@github.com:ichi/{repository}", "", "ichi", repository)

    gate = base_url_gate(load_site_config(tmp_path), remote, "", "")  # type: ignore[arg-type]
    assert (gate is None) == fits


def test_every_gate_is_shown_at_once(published: GitSite) -> None:
    (published.root / "content/notes/tea.md").unlink()
    published.write({"config.toml": CONFIG.replace("ichi.example", "www.example.org")})
    run = published.publish("--dry-run")

    assert run.gates == ["vanished", "base_url"]
    assert (run.code, run.outcome) == (1, "looked")


def test_someone_elses_publication_is_shown_and_not_overwritten(published: GitSite, new_site: object) -> None:
    other = second_computer(published)
    other.write({"content/other.md": PAGE.format("Other", "Written elsewhere.")})
    other.commit("Write elsewhere")
    assert other.publish("--no-wait").outcome == "pushed"
    published.write({"content/about.md": PAGE.format("About", "Written here.")})

    before = published.tip()
    run = published.publish("--no-wait")
    assert (run.outcome, sorted(run.gates)) == ("refused", ["remote_moved", "vanished"])
    (found,) = next(each for each in run.plan["gates"] if each["name"] == "remote_moved")["findings"]
    assert found["address"] == before
    assert "Ni published at" in found["text"]
    assert [each["id"] for each in run.plan["ahead"]] == [before]

    # Over it only by name, and even then upon it.
    passes(published, "remote_moved", "vanished")
    assert published.git("rev-parse", "gh-pages^", at=published.remote) == before


def test_with_the_others_content_here_the_gate_is_open(published: GitSite) -> None:
    other = second_computer(published)
    other.write({"content/other.md": PAGE.format("Other", "Written elsewhere.")})
    other.commit("Write elsewhere")
    other.git("push", "--quiet", "origin", "main")
    assert other.publish("--no-wait").outcome == "pushed"
    published.git("pull", "--quiet", "origin", "main")
    published.write({"content/about.md": PAGE.format("About", "Written here.")})

    passes(published)
    assert {"other/index.html", "about/index.html"} <= set(published.published())


def test_a_fresh_clone_of_what_is_published_may_publish(published: GitSite) -> None:
    other = second_computer(published)
    other.write({"content/about.md": PAGE.format("About", "Edited on the new computer.")})

    passes(other)


def test_a_fresh_clone_that_lacks_the_published_content_may_not(published: GitSite) -> None:
    other = second_computer(published)
    published.write({"content/about.md": PAGE.format("About", "Committed, published, and not pushed.")})
    published.commit()
    assert published.publish("--no-wait").outcome == "pushed"

    refused(other, "remote_moved")


def second_computer(site: GitSite) -> GitSite:
    """Clone the site as another person does."""
    root = site.root.parent / "second"
    site.git("clone", "--quiet", str(site.remote), str(root), at=site.root.parent)
    environ = site.environ | {"GIT_AUTHOR_NAME": "Ni", "GIT_COMMITTER_NAME": "Ni"}
    return GitSite(root, site.remote, environ)
