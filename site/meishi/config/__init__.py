"""Settings: config.toml for the site, MEISHI_… variables for the server."""

from meishi.config.languages import Language
from meishi.config.params import Params
from meishi.config.site import Markup, SiteConfig, find_config, load_site_config

__all__ = ["Language", "Markup", "Params", "SiteConfig", "find_config", "load_site_config"]
