"""`flask init-ci`: write the file that lets GitHub Actions or Travis publish the site."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from meishi.cli.errors import plainly, say
from meishi.config import SiteConfig, load_site_config
from meishi.errors import PublishError
from meishi.publishing.checking import base_url_gate
from meishi.publishing.ci import CiSite, github_workflow, nightly, own_domain, travis_file
from meishi.publishing.git import Git
from meishi.publishing.masking import Mask
from meishi.publishing.remotes import Remote, remote_of

_FILES = {"github": (".github/workflows/pages.yml", github_workflow), "travis": (".travis.yml", travis_file)}


def init_ci_command(root: Path, now: Callable[[], datetime]) -> click.Command:
    """Make the command for the site in a folder."""

    @click.command("init-ci", short_help="Let GitHub Actions or Travis publish the site.")
    @click.argument("service", type=click.Choice(sorted(_FILES)))
    @click.option("--branch", default="", help="The branch that is built; the one that is checked out.")
    @click.option("--force", is_flag=True, help="Replace a file that is there.")
    @click.option("--print", "only_print", is_flag=True, help="Print the file and write nothing.")
    def init_ci(service: str, branch: str, force: bool, only_print: bool) -> None:
        """Write .github/workflows/pages.yml or .travis.yml for this site, with its address and domain.

        After that, `flask publish --via push` (or any push) publishes.

        \b
        Examples:
          flask init-ci github
          flask init-ci travis --branch main
        """  # noqa: D301
        with plainly():
            name, write = _FILES[service]
            top, site, doubts = _look(root, branch, now())
            text = write(site)
            if only_print:
                click.echo(text, nl=False)
                return
            place = top / name
            if place.exists() and place.read_text(encoding="utf-8") != text and not force:
                raise PublishError("the file is there already", path=place, hint="Replace it with --force")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
        for doubt in doubts:
            say(f"warning: {doubt}", err=True, colour="yellow")
        say(f"Wrote {place.relative_to(top).as_posix()}. Its first lines tell what to choose once.")

    return init_ci


def _look(root: Path, branch: str, now: datetime) -> tuple[Path, CiSite, list[str]]:
    """Find out what the file depends on: the top of the repository, the site, and what does not fit."""
    config = load_site_config(root)
    git = Git(root, os.environ, Mask.of_environment(os.environ))
    found = git.attempt("rev-parse", "--show-toplevel")
    top = Path(found.out.strip()) if not found.code else root
    folder = root.resolve().relative_to(top.resolve()).as_posix() if not found.code else "."
    here = git.attempt("symbolic-ref", "--quiet", "--short", "HEAD").out.strip() if not found.code else ""
    remote = _remote(git, config) if not found.code else None
    gate = base_url_gate(config, remote or Remote("origin", "", ""), "", "")
    minute, hour = nightly(config, now)
    site = CiSite(
        branch=branch or here or "main", folder="" if folder == "." else folder, install=_install(root),
        build="python freeze.py" if (root / "freeze.py").is_file() else "flask freeze", fits=gate is None,
        domain=own_domain(config, remote) if gate is None else "", target=config.publish.branch,
        minute=minute, hour=hour,
    )  # fmt: skip
    doubts = [f"{each.text}; until then CI builds for the address that GitHub gives" for each in
              (gate.findings if gate else ())]  # fmt: skip
    return top, site, doubts


def _remote(git: Git, config: SiteConfig) -> Remote | None:
    try:
        return remote_of(git, config.publish.remote)
    except PublishError:
        return None


def _install(root: Path) -> str:
    has_list = (root / "requirements.txt").is_file()
    return f"python -m pip install {'-r requirements.txt' if has_list else 'meishi'}"
