"""Tell whoever sits at the server how to set the site up."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from meishi.admin.invitation import LIFETIME, Invitation

if TYPE_CHECKING:
    from meishi.admin.study import Study


def _to_terminal(text: str) -> None:
    click.echo(text, err=True)


class Doorbell:
    """Print the one-time link in the server's terminal, and nowhere else."""

    def __init__(self, invitation: Invitation, show: Callable[[str], None] = _to_terminal) -> None:
        self._invitation = invitation
        self._show = show
        # Where the server listens, as it knows itself: what a visitor calls it might be a trap.
        self._address = ""

    def announce(self, address: str) -> None:
        """Print the link when the server starts at an address; nothing once there is an owner."""
        self._address = address.rstrip("/")
        if token := self._invitation.token():
            self._print(token)

    def ring(self) -> None:
        """Print a new link because somebody stands before the door and the last link has expired."""
        if token := self._invitation.renewed():
            self._print(token)

    def _print(self, token: str) -> None:
        where = self._address or "(this site's address)"
        self._show(
            "\n  This site has no owner yet. To become its owner, open\n\n"
            f"      {where}/admin/set-up/{token}\n\n"
            f"  The link works once, within {LIFETIME / 60:.0f} minutes. `flask owner` does the same here.\n"
        )


def announce_under_flask_run(study: Study) -> None:
    """Print the link if this process is `flask run`, once under the reloader too."""
    context = click.get_current_context(silent=True)
    if context is None or context.info_name != "run":
        return
    debugging = os.environ.get("FLASK_DEBUG", "0").lower() not in ("0", "false", "no", "")
    if debugging and os.environ.get("WERKZEUG_RUN_MAIN") != "true":
        return
    host = str(context.params.get("host") or "127.0.0.1")
    if host in ("0.0.0.0", "::"):  # noqa: S104
        host = "127.0.0.1"
    scheme = "https" if context.params.get("cert") else "http"
    name = f"[{host}]" if ":" in host else host
    study.doorbell.announce(f"{scheme}://{name}:{context.params.get('port') or 5000}")
