"""The Flask app that knows only the public site: visitors' pages, and what gets frozen."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask

from meishi.web.answers import Answer
from meishi.web.public import PublicSite
from meishi.web.targets import Target
from meishi.web.views import SiteSource, public_blueprint


@dataclass(frozen=True, slots=True)
class FixedSite:
    """A site that does not change while it is served, as freezing needs it."""

    site: PublicSite

    def current(self) -> PublicSite:
        """Return the site."""
        return self.site

    def answer(self, site: PublicSite, target: Target) -> Answer:
        """Render a target; a mistake stops the build."""
        return site.render(target).answer


def create_public_app(source: SiteSource) -> Flask:
    """Make the app that knows only the public site."""
    app = Flask("meishi", static_folder=None, template_folder=None)
    app.extensions["meishi"] = source
    app.register_blueprint(public_blueprint(source))
    return app
