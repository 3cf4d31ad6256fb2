"""Settings tried on the whole site before they are written."""

from __future__ import annotations

from meishi.admin.study import Study
from meishi.config.site import find_config, read_site_config
from meishi.content.library import load_library
from meishi.web.theme import settings_css


def check_settings(study: Study, text: str) -> None:
    """Raise what is wrong with a text as settings: its form, its values, its menu, its colours."""
    config = read_site_config(study.root, find_config(study.root), text)
    settings_css(config)
    # Only the content tells whether the menu's entries lead somewhere. Broken pages are no matter here.
    load_library(config, study.now(), tolerant=True)
