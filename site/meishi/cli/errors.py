"""How commands tell of the owner's mistakes: one line, no traceback, exit code 1."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from meishi.errors import MeishiError


@contextmanager
def plainly() -> Iterator[None]:
    """Print an error of the owner's in one line, and leave with exit code 1."""
    try:
        yield
    except MeishiError as error:
        say(f"Error: {error}", err=True)
        raise SystemExit(1) from error


def say(text: str, *, err: bool = False, colour: str = "") -> None:
    """Print a line; letters that the terminal cannot show become question marks."""
    stream = sys.stderr if err else sys.stdout
    encoding = getattr(stream, "encoding", None) or "utf-8"
    plain = text.encode(encoding, errors="replace").decode(encoding)
    click.echo(click.style(plain, fg=colour) if colour else plain, err=err)
