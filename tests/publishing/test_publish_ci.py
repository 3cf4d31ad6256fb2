"""`flask init-ci` writes what GitHub Actions and Travis need, for this site."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from git_sites import CONFIG, GitSite

from meishi.cli.init_ci import init_ci_command
from meishi.config import load_site_config
from meishi.publishing.ci import CiSite, github_workflow, nightly, travis_file

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def calm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep git of this machine's settings."""
    for name in os.environ:
        if name.startswith("GITHUB_"):
            monkeypatch.delenv(name)


def init_ci(site: GitSite, *arguments: str) -> Result:
    return CliRunner(env=site.environ).invoke(init_ci_command(site.root, lambda: NOW), list(arguments))


def steps(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(text)["jobs"]["build"]["steps"]
    return found


def test_a_workflow_fits_the_site(site: GitSite) -> None:
    site.git("remote", "set-url", "origin", "git@github.com:ichi/web.git")
    site.write(
        {"config.toml": 'timeZone = "Asia/Tokyo"\n' + CONFIG, "requirements.txt": "x", "freeze.py": "x"}
    )
    result = init_ci(site, "github")

    assert result.exit_code == 0, result.output
    text = (site.root / ".github/workflows/pages.yml").read_text(encoding="utf-8")
    assert "branches: [main]" in text
    assert 'cron: "7 15 * * *"' in text  # seven minutes after midnight in Tokyo
    assert [step.get("run") for step in steps(text) if "run" in step] == [
        "python -m pip install -r requirements.txt",
        "python freeze.py",
    ]


def test_the_domain_stands_in_travis_file(site: GitSite) -> None:
    site.git("remote", "set-url", "origin", "https://github.com/ichi/web")
    init_ci(site, "travis", "--branch", "master")

    deploy = yaml.safe_load((site.root / ".travis.yml").read_text(encoding="utf-8"))["deploy"]
    assert (deploy["fqdn"], deploy["local_dir"], deploy["keep_history"]) == ("ichi.example", "build", True)
    assert deploy[True] == {"branch": "master"}  # `on`, which YAML 1.1 reads as true


def test_a_base_url_that_does_not_fit_is_told_and_ci_finds_the_address_itself(site: GitSite) -> None:
    site.write({"config.toml": CONFIG.replace("ichi.example", "www.example.org")})
    result = init_ci(site, "github")

    assert "www.example.org" in result.output
    text = (site.root / ".github/workflows/pages.yml").read_text(encoding="utf-8")
    assert '--base-url "$ADDRESS/"' in text


def test_a_site_in_a_folder_is_built_there(site: GitSite) -> None:
    web = site.root / "web"
    web.mkdir()
    (site.root / "config.toml").rename(web / "config.toml")
    result = CliRunner(env=site.environ).invoke(init_ci_command(web, lambda: NOW), ["github"])

    assert result.exit_code == 0, result.output
    workflow = yaml.safe_load((site.root / ".github/workflows/pages.yml").read_text(encoding="utf-8"))
    assert workflow["jobs"]["build"]["defaults"]["run"]["working-directory"] == "web"
    assert steps(yaml.safe_dump(workflow))[-1]["with"]["path"] == "web/build"


def test_a_file_that_is_there_is_kept(site: GitSite) -> None:
    site.write({".travis.yml": "mine\n"})

    assert init_ci(site, "travis").exit_code == 1
    assert (site.root / ".travis.yml").read_text(encoding="utf-8") == "mine\n"
    assert init_ci(site, "travis", "--force").exit_code == 0
    assert init_ci(site, "travis").exit_code == 0  # the same again is no loss


def test_printing_writes_nothing(site: GitSite) -> None:
    assert "provider: pages" in init_ci(site, "travis", "--print").output
    assert not (site.root / ".travis.yml").exists()


def test_this_repositorys_own_files_are_what_the_command_writes(project: Path) -> None:
    minute, hour = nightly(load_site_config(project), NOW)
    own = CiSite(branch="main", fits=False, minute=minute, hour=hour)

    assert (project / ".github/workflows/pages.yml").read_text(encoding="utf-8") == github_workflow(own)
    assert (project / ".travis.yml").read_text(encoding="utf-8") == travis_file(own)
