"""`flask backup` and `flask restore`: the whole site in one file, and back."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path

import click

from meishi.cli.errors import plainly, say
from meishi.cli.guestbook_files import guestbook_extras, restored_guestbook
from meishi.config.server import load_server_config
from meishi.content.backup import BackupError, left_out, write_backup
from meishi.content.restoring import restore_backup


def backup_command(root: Path, now: Callable[[], datetime]) -> click.Command:
    """Make the command that writes a backup of the site in a folder."""

    @click.command("backup", short_help="Put the whole site into one ZIP file.")
    @click.argument("file", required=False, type=click.Path(path_type=Path))
    @click.option("-f", "--force", is_flag=True, help="Replace a file of that name.")
    @click.option("--no-guestbook", is_flag=True, help="Leave out the guestbook's database.")
    @plainly()
    def backup(file: Path | None, force: bool, no_guestbook: bool) -> None:
        """Put the whole site into one ZIP file.

        In it are config.toml, content/, static/, the site's own templates/, i18n/, themes/ and archetypes/,
        and the guestbook: entries in every state, bans and rooms. Not in it are passwords, keys and sessions,
        what the install builds, and the built site. The same site gives the same bytes.

        Without FILE it is called meishi-backup-DAY.zip, in this folder.

        \b
        Examples:
          flask backup ../site.zip
          flask backup ../site.zip --force   every night, over the last one
        """  # noqa: D301
        target = (file or Path(f"meishi-backup-{now():%Y-%m-%d}.zip")).absolute()
        if target.exists() and not force:
            raise BackupError(
                "there is a file of that name", path=target.name, hint="Choose another one, or add --force"
            )
        part = target.with_name(f".{target.name}.part")
        try:
            with (
                _nothing() if no_guestbook else guestbook_extras(root, now) as extras,
                part.open("wb") as out,
            ):
                entries = write_backup(root, out, extras)
            part.replace(target)
        except OSError as error:
            raise BackupError(f"it cannot be written ({error.strerror})", path=target.name) from error
        finally:
            part.unlink(missing_ok=True)
        say(f"{target.name}: {len(entries)} files, {target.stat().st_size / 1e6:.1f} MB.")
        for name in left_out(root):
            say(f"Left out: {name} is a link that leads elsewhere.", err=True, colour="yellow")

    return backup


def _nothing() -> AbstractContextManager[Mapping[str, Path]]:
    return nullcontext({})


def restore_command(root: Path, now: Callable[[], datetime]) -> click.Command:
    """Make the command that brings a site back from a backup."""

    @click.command("restore", short_help="Bring the site back from a backup.")
    @click.argument("file", type=click.Path(path_type=Path))
    @plainly()
    def restore(file: Path) -> None:
        """Make this site what a backup says.

        FILE comes from `flask backup` or from the study. It is looked through and unpacked before anything
        is changed. Files that are here and differ, or are not in the backup, are moved to
        instance/before-restore/, never deleted. Entries of the guestbook are added to those that are here.
        Password, passkeys and sessions stay as they are.

        \b
        Examples:
          flask restore ../site.zip
        """  # noqa: D301
        instance = load_server_config(root, os.environ).instance
        extras = restored_guestbook(root, now)
        done = restore_backup(file, root, instance / "before-restore", now(), extras)
        say(f"Restored: {done.written} files, {done.same} were the same.")
        if done.aside is not None:
            shown = done.aside.relative_to(root) if done.aside.is_relative_to(root) else done.aside
            say(f"{done.moved} files that were here are in {shown}.")

    return restore
