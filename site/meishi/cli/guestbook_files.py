"""`flask guestbook save` and `import`: the entries in a file; and the guestbook's part of a backup."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from meishi.cli.errors import plainly, say
from meishi.cli.guestbook import counted, opened_guestbook
from meishi.config import load_site_config
from meishi.config.secret import make_instance
from meishi.config.server import load_server_config
from meishi.errors import ConfigError, MeishiError

Clock = Callable[[], datetime]


def file_commands(root: Path, now: Clock) -> list[click.Command]:
    """Make the commands that write entries into a file, and read them from one."""

    @click.command("save", short_help="Write the entries into a file.")
    @click.argument("file", type=click.Path(path_type=Path))
    @click.option("--room", default="", help="Only those of one room.")
    @click.option("--shown", is_flag=True, help="Only what everyone sees.")
    @plainly()
    def save(file: Path, room: str, shown: bool) -> None:
        """Write the entries into FILE: a table if its name ends in .csv, else JSON, which loses nothing.

        The file names authors by a key that only this server understands; addresses are not in it.
        """
        from meishi.guestbook.exchange import csv_lines, json_lines
        from meishi.guestbook.models import Wanted

        states = ("shown",) if shown else ("shown", "held", "hidden")
        with opened_guestbook(root, now) as guestbook:
            records = list(guestbook.every(Wanted(room=room, states=states)))
        lines = csv_lines(records) if file.suffix.lower() == ".csv" else json_lines(records, now())
        try:
            with file.open("w", encoding="utf-8", newline="") as out:
                out.writelines(lines)
        except OSError as error:
            raise MeishiError(f"it cannot be written ({error.strerror})", path=file.name) from error
        say(f"{file.name}: {counted(len(records))}.")

    @click.command("import", short_help="Take the entries of a file.")
    @click.argument("file", type=click.Path(path_type=Path))
    @plainly()
    def take(file: Path) -> None:
        """Take the entries of FILE: one that `save` wrote, a guestbook.json, or a table with name, body, at.

        Entries that are here already stay as they are. A file with a mistake is refused as a whole.
        """
        from meishi.guestbook.exchange import read_entries
        from meishi.guestbook.unread import mark_read

        try:
            data = file.read_bytes()
        except OSError as error:
            raise MeishiError(f"it cannot be read ({error.strerror})", path=file.name) from error
        records = read_entries(data, file.name, now())
        with opened_guestbook(root, now) as guestbook:
            done = guestbook.take_in(records)
            mark_read(guestbook)
        say(f"New: {counted(done.added)}; here already: {done.same}; not taken: {done.refused}.")

    return [save, take]


@contextmanager
def guestbook_extras(root: Path, now: Clock) -> Iterator[Mapping[str, Path]]:
    """Put the guestbook into a file while a backup is written; none where there is no guestbook."""
    server = load_server_config(root, os.environ)
    try:
        enabled = load_site_config(root).guestbook.enabled
    except ConfigError as error:
        say(f"Left out: the guestbook, as the settings cannot be read. {error}", err=True, colour="yellow")
        enabled = False
    if not enabled:
        yield {}
        return
    from meishi.guestbook.opening import NAME as DATABASE
    from meishi.guestbook.safekeeping import NAME, save

    if not server.database_url and not (server.instance / DATABASE).exists():
        yield {}  # nobody has opened it yet
        return
    make_instance(server.instance)
    with TemporaryDirectory(dir=server.instance) as folder, opened_guestbook(root, now) as guestbook:
        file = Path(folder, "entries.json")
        save(guestbook, file)
        yield {NAME: file}


def restored_guestbook(root: Path, now: Clock) -> Callable[[Mapping[str, Path]], Callable[[], None]]:
    """Return what checks the guestbook's part of a backup, and then brings it back."""

    def check(found: Mapping[str, Path]) -> Callable[[], None]:
        from meishi.guestbook.safekeeping import NAME, bring_back, load

        if NAME not in found:
            return lambda: None
        saved = load(found[NAME].read_bytes(), NAME, now())

        def finish() -> None:
            # The settings are those of the backup by now.
            with opened_guestbook(root, now) as guestbook:
                done = bring_back(guestbook, saved, now())
            say(f"Guestbook: {counted(done.added)} came back, {done.same} were here.")

        return finish

    return check
