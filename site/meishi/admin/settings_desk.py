"""The desk at which config.toml is changed."""

from __future__ import annotations

from pathlib import PurePosixPath

from meishi.admin.authorship import git_options
from meishi.admin.study import Study
from meishi.config.site import find_config
from meishi.content.editing.desk import Desk


def settings_desk(study: Study) -> Desk:
    """Return a desk for the settings, and for nothing else in the site's folder."""
    return Desk(
        study.root,
        study.server.instance,
        clock=study.now,
        git=git_options(study.source),
        folder="",
        only={settings_path(study).name},
    )


def settings_path(study: Study) -> PurePosixPath:
    """Return the name of the settings file: config.toml, or Hugo's newer name."""
    return PurePosixPath(find_config(study.root).name)
