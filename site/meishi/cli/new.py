"""`flask new`: a page from an archetype."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from meishi.cli.errors import plainly, say
from meishi.config import load_site_config
from meishi.content.archetypes import Archetypes
from meishi.web.folders import Folders


def new_command(root: Path, home: Path, now: Callable[[], datetime]) -> click.Command:
    """Make the command for the site in a folder."""

    @click.command("new", short_help="Make a page in content/.")
    @click.argument("path")
    @click.option("-k", "--kind", default="", metavar="NAME", help="The archetype to begin with.")
    @click.option("-l", "--language", default="", metavar="CODE", help="The page's language, such as ja.")
    @click.option("-e", "--edit", is_flag=True, help="Open the page in your editor at once.")
    @plainly()
    def new(path: str, kind: str, language: str, edit: bool) -> None:
        """Make a page in content/ from an archetype.

        PATH lies below content/ and ends in .md. The archetype is archetypes/NAME.md for --kind NAME, else
        that of the page's section, else archetypes/default.md. A folder in archetypes/ makes a page with
        files beside it. What is there already is never overwritten.

        \b
        Examples:
          flask new about.md                 a panel of the card
          flask new about.md -l ja           its Japanese translation, about.ja.md
          flask new notes/first-day.md       a note, from archetypes/notes.md
          flask new notes/trip/index.md      a note with a folder for its pictures
        """  # noqa: D301
        config = load_site_config(root)
        folders = Folders(root, home, config.theme).of("archetypes")
        made = Archetypes(config, folders, now()).create(path, kind=kind, language=language)
        for file in made:
            say(_shown(file, root))
        if edit:
            click.edit(filename=str(made[0]))
        elif sys.stdout.isatty():
            say(f"Open it: {editor()} {_quoted(_shown(made[0], root))}")
            if b"\ndraft: true" in made[0].read_bytes():
                say("It is a draft, and left out of the site until you take its line `draft: true` away.")

    return new


def editor() -> str:
    """Name the program with which this machine opens a text."""
    if chosen := os.environ.get("VISUAL") or os.environ.get("EDITOR"):
        return chosen
    return {"win32": "notepad", "darwin": "open -t"}.get(sys.platform, "nano")


def _shown(file: Path, root: Path) -> str:
    return file.relative_to(root).as_posix()


def _quoted(path: str) -> str:
    return f'"{path}"' if " " in path else path
