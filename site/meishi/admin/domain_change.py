"""Give the site another public address: baseURL in the settings, and static/CNAME where the owner has one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import PurePosixPath

from meishi.admin.authorship import git_options, owner_of
from meishi.admin.settings_check import check_settings
from meishi.admin.settings_desk import settings_desk, settings_path
from meishi.admin.study import Study
from meishi.config import SiteConfig
from meishi.content.editing.desk import Desk, Saved
from meishi.content.editing.fields import set_config
from meishi.content.editing.moving import Thrown
from meishi.errors import PublishError
from meishi.publishing.domain.names import is_own
from meishi.publishing.git import Git
from meishi.publishing.masking import Mask
from meishi.publishing.remotes import remote_of

_FILE = PurePosixPath("CNAME")


@dataclass(frozen=True, slots=True)
class Change:
    """What was saved, and what became of static/CNAME."""

    address: str
    saved: Saved | None
    file: Saved | Thrown | None


@dataclass(frozen=True, slots=True)
class RemoteHere:
    """The site's repository at GitHub, "" where there is none; `address` is its own at GitHub Pages."""

    owner: str = ""
    repository: str = ""
    address: str = ""


def current(study: Study) -> SiteConfig:
    """Return the settings that the site has now."""
    return study.source.current().library.config


def remote_here(study: Study) -> RemoteHere:
    """Find the site's repository at GitHub."""
    if not any((folder / ".git").exists() for folder in (study.root, *study.root.parents)):
        return RemoteHere()
    git = Git(study.root, os.environ, Mask.of_environment(os.environ))
    try:
        remote = remote_of(git, current(study).publish.remote)
    except PublishError:
        return RemoteHere()
    return RemoteHere(remote.owner, remote.repository, remote.pages_address)


def change_address(study: Study, address: str) -> Change:
    """Write the address into the settings; every other line stays. Raises MeishiError, and writes nothing."""
    if not address:
        raise PublishError("this folder has no remote at GitHub")
    desk, path = settings_desk(study), settings_path(study)
    opened = desk.open(path)
    text = set_config(opened.text, "baseURL", address, path.name)
    check_settings(study, text)
    saved = None
    if text != opened.text:
        message = f"Move the site to {address}"
        saved = desk.save(path, text, opened.version, owner_of(study.source), message)
    file = _change_file(study, address)
    study.source.changed()
    return Change(address, saved, file)


def _change_file(study: Study, address: str) -> Saved | Thrown | None:
    """Keep the owner's static/CNAME in step: it counts for more than what the build makes."""
    if not (study.root / "static" / _FILE).is_file():
        return None
    host = address.removeprefix("https://").partition("/")[0]
    desk = Desk(
        study.root, study.server.instance, clock=study.now, git=git_options(study.source), folder="static",
        only={_FILE.name},
    )  # fmt: skip
    opened = desk.open(_FILE)
    owner = owner_of(study.source)
    if not is_own(host):
        return desk.delete(_FILE, owner, opened.version)
    return None if opened.text.strip() == host else desk.save(_FILE, f"{host}\n", opened.version, owner)
