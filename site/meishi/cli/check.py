"""`flask check`: all that is wrong or doubtful about the site, before visitors find it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from meishi.cli.errors import say
from meishi.config import load_site_config
from meishi.errors import MeishiError
from meishi.web.checks.findings import Finding
from meishi.web.checks.site import check_site
from meishi.web.folders import Folders

_COLOURS = {"error": "red", "warning": "yellow", "note": ""}


def check_command(root: Path, home: Path, now: Callable[[], datetime]) -> click.Command:
    """Make the command for the site in a folder."""

    @click.command("check", short_help="Find mistakes in the site.")
    @click.option("--strict", is_flag=True, help="Exit with 1 on warnings, too.")
    @click.option("--json", "as_json", is_flag=True, help="Print a line of JSON for each finding.")
    @click.option("-q", "--quiet", is_flag=True, help="Leave out the notes.")
    def check(strict: bool, as_json: bool, quiet: bool) -> None:
        """Find mistakes in config.toml and content/.

        Looks at front matter, links and the headings they name, pictures and their descriptions,
        translations, addresses, shortcodes and icons. Errors would stop `flask freeze`; warnings are
        mistakes that visitors may notice; notes are worth knowing.

        Exit code: 0, or 1 when there are errors.

        \b
        Examples:
          flask check
          flask check --strict --quiet       for continuous integration
        """  # noqa: D301
        try:
            config = load_site_config(root)
            pages, found = check_site(config, Folders(root, home, config.theme), now())
        except MeishiError as error:
            pages, found = 0, [Finding.of(error)]
        shown = [finding for finding in found if not (quiet and finding.level == "note")]
        counts = {level: sum(finding.level == level for finding in found) for level in _COLOURS}
        _print(shown, counts, pages, as_json=as_json)
        if counts["error"] or (strict and counts["warning"]):
            raise SystemExit(1)

    return check


def _print(found: Sequence[Finding], counts: dict[str, int], pages: int, *, as_json: bool) -> None:
    for finding in found:
        if as_json:
            say(json.dumps(asdict(finding), ensure_ascii=False))
        else:
            say(str(finding), colour=_COLOURS[finding.level])
    if as_json:
        total = {"pages": pages, **{f"{level}s": count for level, count in counts.items()}}
        say(json.dumps({"level": "summary", **total}))
        return
    parts = [_counted(count, level) for level, count in counts.items() if count]
    say(f"{_counted(pages, 'page')} checked: {', '.join(parts) or 'all is well'}.")


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
