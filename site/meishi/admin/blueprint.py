"""The study as one blueprint: every part registers its views here."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Flask, abort
from jinja2 import StrictUndefined
from werkzeug.wrappers import Response

from meishi.admin import (
    account,
    backup,
    beside,
    dashboard,
    domain,
    editor,
    entrance,
    guestbook,
    media,
    pages,
    past,
    preview,
    publishing,
    settings,
)
from meishi.admin.assets import Assets
from meishi.admin.command import owner_command
from meishi.admin.doorbell import announce_under_flask_run
from meishi.admin.guard import install_guard
from meishi.admin.identity import time_zone
from meishi.admin.language import install_languages
from meishi.admin.problems import install_problems
from meishi.admin.shell import Shell, install_shell
from meishi.admin.study import Study

#: Each part of the study: a function that adds its views and its entries in the navigation.
PARTS: tuple[Callable[[Blueprint, Study, Shell], None], ...] = (
    entrance.register,
    dashboard.register,
    account.register,
    editor.register,
    beside.register,
    preview.register,
    past.register,
    pages.register,
    media.register,
    publishing.register,
    domain.register,
    guestbook.register,
    settings.register,
    backup.register,
)


def install_admin(app: Flask, study: Study) -> None:
    """Add the study, its door and its command to the app that serves visitors."""
    app.jinja_options = {**app.jinja_options, "undefined": StrictUndefined}
    app.jinja_options |= {"trim_blocks": True, "lstrip_blocks": True}
    app.config["SECRET_KEY"] = study.secret.derive("flask")
    blueprint = Blueprint(
        "admin", __name__, url_prefix="/admin", template_folder=str(study.home / "templates")
    )
    assets = Assets(study.home / "static")
    shell = Shell(study, assets)
    for register in PARTS:
        register(blueprint, study, shell)

    @blueprint.get("/static/<edition>/<path:name>")
    def asset(edition: str, name: str) -> Response:
        """Answer with a style sheet or script of the study."""
        return assets.send(edition, name)

    @blueprint.get("/<path:rest>")
    def missing(rest: str) -> Response:  # noqa: ARG001
        """Answer for what is not there, in the study's own frame."""
        abort(404)

    install_problems(blueprint)
    app.register_blueprint(blueprint)
    install_guard(app, study)
    install_languages(app, lambda: time_zone(study))
    install_shell(app, study, shell, assets)
    app.cli.add_command(owner_command(study))
    app.extensions["study"] = study
    announce_under_flask_run(study)
