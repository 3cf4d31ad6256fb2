"""What the study must know of the site even while its settings are broken: its names and its clock."""

from __future__ import annotations

from meishi.admin.study import Study
from meishi.config import SiteConfig
from meishi.errors import MeishiError


def site_config(study: Study) -> SiteConfig | None:
    """Return the site's settings as last read, or None while they cannot be read."""
    try:
        return study.source.current().library.config
    except MeishiError:
        return None


def site_title(study: Study, language: str) -> str:
    """Return the site's name, in a language if it has one there."""
    config = site_config(study)
    names = {known.code: known.title for known in config.languages} if config else {}
    return names.get(language) or (config.title if config else "") or "Meishi"


def site_words(study: Study) -> tuple[str, ...]:
    """List what anybody would try first as the password of this site."""
    config = site_config(study)
    if config is None:
        return ()
    found = (config.title, config.host, *(language.title for language in config.languages))
    return tuple(word for word in found if word)


def time_zone(study: Study) -> str:
    """Return the name of the owner's time zone."""
    config = site_config(study)
    return config.time_zone if config else "UTC"
