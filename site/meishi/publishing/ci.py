"""The files that let GitHub Actions or Travis build and publish a site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from meishi.config import SiteConfig
from meishi.publishing.remotes import Remote

PYTHON = "3.13"


@dataclass(frozen=True, slots=True)
class CiSite:
    """What the files depend on: the branch that is built, the site's folder in the repository, its commands.

    `fits` tells that baseURL is where the site will live; without it, CI asks for the address or derives it.
    """

    branch: str
    folder: str = ""  # "web", or "" at the top
    install: str = "python -m pip install -r requirements.txt"
    build: str = "python freeze.py"
    fits: bool = True
    domain: str = ""
    target: str = "gh-pages"
    minute: int = 7  # of the nightly build, in UTC
    hour: int = 0


def nightly(config: SiteConfig, now: datetime) -> tuple[int, int]:
    """Return minute and hour in UTC of a moment after midnight where the site's days begin."""
    zone = ZoneInfo(config.time_zone)
    midnight = now.astimezone(zone).replace(hour=0, minute=7, second=0, microsecond=0)
    offset = midnight.utcoffset() or timedelta()
    utc = midnight.replace(tzinfo=None) - offset
    return utc.minute, utc.hour


def own_domain(config: SiteConfig, remote: Remote | None) -> str:
    """Return the domain of the site's own, as machines write it; "" for an address that GitHub gave."""
    host = config.host.lower()
    if not host or host.endswith(".github.io") or (remote is not None and config.base_path):
        return ""
    return host.encode("idna").decode("ascii")


def github_workflow(site: CiSite) -> str:
    """Write .github/workflows/pages.yml."""
    folder = f"{site.folder}/" if site.folder else ""
    defaults = f"    defaults:\n      run:\n        working-directory: {site.folder}\n" if site.folder else ""
    build = f"        run: {site.build}\n"
    if not site.fits:
        build = (
            "        env:\n"
            "          ADDRESS: ${{ steps.pages.outputs.base_url }}\n"
            f'        run: {site.build} --base-url "$ADDRESS/"\n'
        )
    return f"""\
# Builds the site and publishes it on GitHub Pages. Choose once, in the repository's Settings → Pages:
# Source: GitHub Actions; and there your domain, if you have one.
name: Pages

on:
  push:
    branches: [{site.branch}]
  # Each night, so that pages whose publishDate has come appear, and those that expired go.
  schedule:
    - cron: "{site.minute} {site.hour} * * *"
  workflow_dispatch:

permissions:
  contents: read
  pages: write
  id-token: write

# One at a time; the one that runs is not cut off.
concurrency:
  group: pages
  cancel-in-progress: false

jobs:
  build:
    runs-on: ubuntu-latest
{defaults}    steps:
      - uses: actions/checkout@v7
      - uses: actions/setup-python@v7
        with:
          python-version: "{PYTHON}"
          cache: pip
      - id: pages
        uses: actions/configure-pages@v6
      - name: Install
        run: {site.install}
      - name: Build
{build}      - uses: actions/upload-pages-artifact@v5
        with:
          path: {folder}build
  deploy:
    needs: build
    runs-on: ubuntu-latest
    environment:
      name: github-pages
      url: ${{{{ steps.deployment.outputs.page_url }}}}
    steps:
      - id: deployment
        uses: actions/deploy-pages@v5
"""


def travis_file(site: CiSite) -> str:
    """Write .travis.yml."""
    folder = f"{site.folder}/" if site.folder else ""
    enter = f"before_install: cd {site.folder}\n" if site.folder else ""
    script = f"script: {site.build}\n"
    if not site.fits:
        # USER/web is shown at https://user.github.io/web/, USER/user.github.io at the top.
        script = (
            "script:\n"
            "  - PLACE=${TRAVIS_REPO_SLUG##*/}/\n"
            f'  - {site.build} --base-url "https://${{TRAVIS_REPO_SLUG%%/*}}.github.io/${{PLACE#*.github.io/}}"\n'
        )
    fqdn = f"  fqdn: {site.domain}\n" if site.domain else "  # fqdn: www.example.com\n"
    return f"""\
# Builds the site and publishes it on the branch {site.target}, which GitHub Pages shows: choose that branch
# once in the repository's Settings → Pages. In Travis's settings give GITHUB_TOKEN (a token with the right
# to write to the repository, hidden in logs), and a daily cron job, so that scheduled pages appear.
language: python
python: "{PYTHON}"
os: linux
dist: jammy
cache: pip

{enter}install: {site.install}
{script}
deploy:
  provider: pages
  token: $GITHUB_TOKEN
  local_dir: {folder}build
  target_branch: {site.target}
  keep_history: true
{fqdn}  on:
    branch: {site.branch}
"""
