"""The commands of `flask`, a noun a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from flask import Flask

from meishi.cli.backup import backup_command, restore_command
from meishi.cli.check import check_command
from meishi.cli.domain import domain_command
from meishi.cli.freeze import freeze_command
from meishi.cli.guestbook import guestbook_command
from meishi.cli.guestbook_files import file_commands
from meishi.cli.init_ci import init_ci_command
from meishi.cli.listing import list_command
from meishi.cli.new import new_command
from meishi.cli.pages import pages_command
from meishi.cli.publications import publications_command
from meishi.cli.publish import publish_command

__all__ = ["register_commands"]


def register_commands(app: Flask, root: Path, home: Path, now: Callable[[], datetime]) -> None:
    """Give `flask` the commands for the site in a folder; `home` is where Meishi's own files lie."""
    app.cli.add_command(new_command(root, home, now))
    app.cli.add_command(list_command(root, now))
    app.cli.add_command(check_command(root, home, now))
    app.cli.add_command(freeze_command(root))
    app.cli.add_command(publish_command(root))
    app.cli.add_command(publications_command(root))
    app.cli.add_command(init_ci_command(root, now))
    app.cli.add_command(pages_command(root))
    app.cli.add_command(domain_command(root, now))
    guestbook = guestbook_command(root, now)
    for command in file_commands(root, now):
        guestbook.add_command(command)
    app.cli.add_command(guestbook)
    app.cli.add_command(backup_command(root, now))
    app.cli.add_command(restore_command(root, now))
