"""`flask guestbook`: the guestbook from the command line, whether its server runs or not."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from meishi.cli.errors import plainly, say
from meishi.config import load_site_config
from meishi.config.guestbook import MODES, GuestbookSettings
from meishi.config.secret import load_secret
from meishi.config.server import load_server_config
from meishi.errors import ConfigError

if TYPE_CHECKING:
    from meishi.guestbook.models import Record, Room
    from meishi.guestbook.service import Guestbook

Clock = Callable[[], datetime]


def guestbook_command(root: Path, now: Clock) -> click.Group:
    """Make the commands for the guestbook of the site in a folder."""

    @click.group("guestbook", short_help="Keep the guestbook.")
    def guestbook() -> None:
        """Keep the guestbook: the same database as the server's, which may run meanwhile.

        Visitors see what changes here within half a minute. Entries are named by their ids, or the first
        letters of them, as `flask guestbook queue` shows.

        \b
        Examples:
          flask guestbook export             write content/guestbook.json, for the published pages
          flask guestbook queue              what waits for you
          flask guestbook approve 3f2a       show an entry
          flask guestbook ban 3f2a --days 7  keep its author out for a week
          flask guestbook pause              stop all writing; `resume` goes on
        """  # noqa: D301

    for make in (_publishing, _deciding, _banning, _closing):
        for command in make(root, now):
            guestbook.add_command(command)
    return guestbook


@contextmanager
def opened_guestbook(root: Path, now: Clock) -> Iterator[Guestbook]:
    """Open the guestbook of the site in a folder, as its server does."""
    # Opening brings SQLAlchemy: other commands start without it.
    from meishi.guestbook.opening import database_address, open_guestbook

    settings = _settings(root)
    server = load_server_config(root, os.environ)
    address = database_address(server.instance, server.database_url)
    guestbook = open_guestbook(settings, load_secret(server), address, now=now, known_page=lambda _page: True)
    try:
        yield guestbook
    finally:
        guestbook.close()


def _settings(root: Path) -> GuestbookSettings:
    settings = load_site_config(root).guestbook
    if not settings.enabled:
        raise ConfigError(
            "there is no guestbook", path="config.toml", hint="Write `enable = true` under [guestbook]"
        )
    return settings


def _publishing(root: Path, now: Clock) -> list[click.Command]:
    @click.command("export", short_help="Write content/guestbook.json.")
    @plainly()
    def export() -> None:
        """Write the shown entries to content/guestbook.json, from which the published pages are made."""
        from meishi.guestbook.exporting import export as export_entries

        server = load_server_config(root, os.environ)
        snapshot, changed = export_entries(root, _settings(root), server, now)
        entries = sum(len(room.entries) for room in snapshot.rooms.values())
        word = "written" if changed else "up to date"
        say(f"content/guestbook.json is {word}: {counted(entries)} in {len(snapshot.rooms)} rooms.")

    @click.command("rooms", short_help="List the rooms.")
    @plainly()
    def rooms() -> None:
        """List the rooms, with how many entries are shown and held, and what holds in them."""
        with opened_guestbook(root, now) as guestbook:
            for room in guestbook.rooms():
                rest = ", paused" if room.paused else ""
                held = f"{room.count} shown, {room.held} held"
                say(f"{room.slug}: {held}, {room.mode}{_slowness(room)}{rest}")

    @click.command("sweep", short_help="Erase what is over.")
    @plainly()
    def sweep() -> None:
        """Erase what the settings do not keep any longer; the server does so by itself every hour."""
        with opened_guestbook(root, now) as guestbook:
            say(f"Erased: {counted(guestbook.sweep())}.")

    return [export, rooms, sweep]


def _deciding(root: Path, now: Clock) -> list[click.Command]:
    @click.command("queue", short_help="List what is held.")
    @plainly()
    def queue() -> None:
        """List the entries that wait for you, the oldest first, with the reasons."""
        with opened_guestbook(root, now) as guestbook:
            held = guestbook.queue()
        for record in held:
            say(_line(record))
        if not held:
            say("Nothing is held.")

    def deciding(what: str, done: str, text: str) -> click.Command:
        @click.command(what, help=text, short_help=text)
        @click.argument("ids", nargs=-1, required=True)
        @plainly()
        def decide(ids: tuple[str, ...]) -> None:
            with opened_guestbook(root, now) as guestbook:
                act = {"approve": guestbook.approve, "hide": guestbook.hide, "erase": guestbook.bin}[what]
                deed = act([_found(guestbook, id).ref for id in ids])  # noqa: A001
            say(f"{done}: {counted(len(deed.before))}.")

        return decide

    words = {
        "approve": ("Shown", "Show entries that are held or hidden."),
        "hide": ("Hidden", "Take entries away from everyone's sight."),
        "erase": ("Erased", "Erase entries; for an hour, `flask guestbook approve` brings them back."),
    }
    return [queue, *(deciding(what, *told) for what, told in words.items())]


def _banning(root: Path, now: Clock) -> list[click.Command]:
    @click.command("ban", short_help="Keep an author out.")
    @click.argument("id")
    @click.option("--days", type=click.IntRange(1, 3650), help="End the ban after so many days.")
    @click.option("--address", is_flag=True, help="Keep out the network address instead of the author.")
    @click.option("--erase", is_flag=True, help="Erase everything of the author, at once and for good.")
    @click.option("--note", default="", help="Words for yourself.")
    @plainly()
    def ban(id: str, days: int | None, address: bool, erase: bool, note: str) -> None:  # noqa: A002
        """Keep out the author of an entry (or the address it came from)."""
        until = now() + timedelta(days=days) if days else None
        with opened_guestbook(root, now) as guestbook:
            record = _found(guestbook, id)
            deed = guestbook.ban(record.ref, kind="address" if address else "author", until=until, note=note)
            say(f"Banned; `flask guestbook unban {deed.ban}` ends it.")
            if erase:
                say(f"Erased: {counted(guestbook.erase_author(record.author))}.")

    @click.command("bans", short_help="List the bans.")
    @plainly()
    def bans() -> None:
        """List the bans that hold now."""
        with opened_guestbook(root, now) as guestbook:
            for ban in guestbook.bans():
                end = f"until {ban.until:%Y-%m-%d %H:%M} UTC" if ban.until else "for good"
                say(f"{ban.id}: {ban.kind} {ban.key[:8]}, {end}{'. ' + ban.note if ban.note else ''}")

    @click.command("unban", short_help="End a ban.")
    @click.argument("number", type=int)
    @plainly()
    def unban(number: int) -> None:
        """End a ban by its number, as `flask guestbook bans` shows it."""
        with opened_guestbook(root, now) as guestbook:
            guestbook.unban(number)
        say("Ended.")

    return [ban, bans, unban]


def _closing(root: Path, now: Clock) -> list[click.Command]:
    @click.command("mode", short_help="Set a room's mode.")
    @click.argument("room")
    @click.argument("mode", type=click.Choice(MODES), required=False)
    @click.option("--slow", type=click.IntRange(0, 86_400), help="Seconds between entries of one person.")
    @plainly()
    def mode(room: str, mode: str | None, slow: int | None) -> None:
        """Set a room's mode and slowness; without them, those of config.toml hold again."""
        with opened_guestbook(root, now) as guestbook:
            now_so = guestbook.set_mode(room, mode or "", slow=slow)
        say(f"{now_so.slug}: {now_so.mode}{_slowness(now_so)}")

    def pausing(word: str, text: str, done: str) -> click.Command:
        @click.command(word, help=text, short_help=text)
        @click.argument("room", default="")
        @plainly()
        def pause(room: str) -> None:
            with opened_guestbook(root, now) as guestbook:
                guestbook.pause(room, word == "pause")
            say(f"{room or 'The whole guestbook'} {done}.")

        return pause

    return [
        mode,
        pausing("pause", "Stop writing in a room, or in all of them.", "is paused"),
        pausing("resume", "Let visitors write again.", "goes on"),
    ]


def _found(guestbook: Guestbook, start: str) -> Record:
    """Find the one entry whose id begins so."""
    from meishi.guestbook.errors import UnknownEntryError
    from meishi.guestbook.models import Wanted

    found = [record for record in guestbook.every(Wanted()) if record.entry.id.startswith(start)]
    if len(found) != 1:
        many = f"{len(found)} entries have ids that begin" if found else "no entry has an id that begins"
        raise UnknownEntryError(f"{many} with {start!r}", hint="See `flask guestbook queue`")
    return found[0]


def _line(record: Record) -> str:
    entry = record.entry
    body = " ".join(entry.body.split())
    why = ", ".join(
        reason.code + (f" ({reason.detail})" if reason.detail else "") for reason in record.reasons
    )
    shown = body if len(body) <= 60 else f"{body[:59]}…"
    return f"{entry.id[:8]} {entry.at:%Y-%m-%d %H:%M} {record.room} {entry.name}: {shown} [{why}]"


def _slowness(room: Room) -> str:
    return f", one entry in {room.slow} s" if room.slow else ""


def counted(count: int) -> str:
    """Say how many entries."""
    return "1 entry" if count == 1 else f"{count} entries"
