"""Tell a person, or another program, how a build is going."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any, Protocol, TextIO

from meishi.publishing.manifest import Note


class Progress(Protocol):
    """Hear of each step of a build."""

    def step(self, name: str, **more: Any) -> None:
        """Hear that a step begins."""

    def start(self, total: int) -> None:
        """Hear how many files will be made."""

    def made(self, address: str) -> None:
        """Hear that a file was made."""

    def problem(self, kind: str, note: Note) -> None:
        """Hear of an "error" or a "warning"."""

    def done(self, table: str, rows: Mapping[str, Mapping[str, int]], **more: Any) -> None:
        """Hear that the build is published."""


class Quiet:
    """Say nothing but what is wrong."""

    def __init__(self, errors: TextIO) -> None:
        self._errors = errors

    def step(self, name: str, **more: Any) -> None:
        """Keep quiet."""

    def start(self, total: int) -> None:
        """Keep quiet."""

    def made(self, address: str) -> None:
        """Keep quiet."""

    def problem(self, kind: str, note: Note) -> None:
        """Print it as editors and terminals understand it."""
        print_problem(kind, note, self._errors)

    def done(self, table: str, rows: Mapping[str, Mapping[str, int]], **more: Any) -> None:
        """Keep quiet."""


class Terminal(Quiet):
    """Draw a progress bar where there is a terminal, then Hugo's table."""

    def __init__(self, out: TextIO, errors: TextIO) -> None:
        super().__init__(errors)
        self._out = out
        self._bar: Any = None

    def step(self, name: str, **more: Any) -> None:
        """End the bar when its step is over; say when the build has to wait."""
        self._end()
        if name == "wait":
            self._out.write("Another build is running; waiting for it …\n")

    def start(self, total: int) -> None:
        """Begin the bar."""
        if total > 1 and self._out.isatty():
            import click

            self._bar = click.progressbar(
                length=total,
                label="Freezing",
                file=self._out,
                item_show_func=lambda item: str(item or "")[-40:],
            )
            self._bar.__enter__()

    def made(self, address: str) -> None:
        """Move the bar."""
        if self._bar is not None:
            self._bar.update(1, address)

    def problem(self, kind: str, note: Note) -> None:
        """Print it below the bar."""
        self._end()
        super().problem(kind, note)

    def done(self, table: str, rows: Mapping[str, Mapping[str, int]], **more: Any) -> None:
        """Print the table."""
        self._end()
        made, total = more["made"], more["files"]
        news = "Nothing changed" if not made and not more["removed"] else f"Made {made} of {total} files"
        self._out.write(f"\n{table}\n\n{news} in {more['destination']}\nTotal in {more['ms']} ms\n")

    def _end(self) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None


class Lines(Quiet):
    """Write a line of JSON for each step."""

    def __init__(self, out: TextIO) -> None:
        super().__init__(out)
        self._out = out
        self._count = 0
        self._total = 0

    def step(self, name: str, **more: Any) -> None:
        """Write the step."""
        self._write(step=name, **more)

    def start(self, total: int) -> None:
        """Write how many files there are."""
        self._total = total
        self._write(step="render", total=total)

    def made(self, address: str) -> None:
        """Write the file's address."""
        self._count += 1
        self._write(step="file", address=address, done=self._count, total=self._total)

    def problem(self, kind: str, note: Note) -> None:
        """Write what is wrong."""
        message, path, line = note
        self._write(step=kind, message=message, path=path, line=line)

    def done(self, table: str, rows: Mapping[str, Mapping[str, int]], **more: Any) -> None:
        """Write the table's numbers."""
        self._write(step="done", table=rows, **more)

    def _write(self, **line: Any) -> None:
        self._out.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._out.flush()


def print_problem(kind: str, note: Note, file: TextIO) -> None:
    """Print a problem in one line: "content/about.md:3: message"."""
    message, path, line = note
    place = f"{path}:{line}: " if path and line is not None else f"{path}: " if path else ""
    file.write(f"{place}{'warning: ' if kind == 'warning' else ''}{message}\n")


def writable(stream: TextIO) -> TextIO:
    """Let a stream write every character, whatever the terminal can show."""
    if isinstance(stream, type(sys.__stdout__)):
        stream.reconfigure(errors="replace")
    return stream
