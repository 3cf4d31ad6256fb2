"""`python freeze.py` and `flask freeze`: options, what is printed, and the exit code.

Nothing heavy is imported before it is known that there is something to do.
"""

from __future__ import annotations

import argparse
import functools
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from meishi.errors import FreezeError, MeishiError
from meishi.publishing.lock import locked
from meishi.publishing.options import FreezeOptions
from meishi.publishing.progress import Lines, Progress, Quiet, Terminal, writable
from meishi.publishing.state import State, check_destination, look, swap_for
from meishi.publishing.swap import Swap

if TYPE_CHECKING:
    from meishi.publishing.ahead import Ahead
    from meishi.publishing.site import AppFactory


def parser() -> argparse.ArgumentParser:
    """Describe the options."""
    parser = argparse.ArgumentParser(
        prog="freeze.py",
        description="Build the static site.",
        epilog="Exit code: 0 built, 1 errors, 130 stopped.",
    )
    parser.add_argument("-s", "--source", type=Path, default=Path(), metavar="DIR", help="the site's folder")
    parser.add_argument(
        "-b", "--base-url", metavar="URL", help="where the site will live, instead of baseURL"
    )
    parser.add_argument("-d", "--destination", type=Path, metavar="DIR", help="the folder to build (build/)")
    parser.add_argument("-D", "--drafts", action="store_true", help="build drafts too")
    parser.add_argument("-F", "--future", action="store_true", help="build pages whose time has not come")
    parser.add_argument("-E", "--expired", action="store_true", help="build pages whose time is over")
    parser.add_argument("--clean", action="store_true", help="build everything anew, whatever is there")
    parser.add_argument("--json", action="store_true", help="print a line of JSON for each step")
    parser.add_argument("-q", "--quiet", action="store_true", help="print errors and warnings only")
    return parser


def freeze_main(
    arguments: Sequence[str],
    app_factory: AppFactory,
    environment: Mapping[str, str] | None = None,
    ahead: Callable[[], Ahead] | None = None,
) -> int:
    """Build as the command line says; return the exit code."""
    began = time.perf_counter()
    chosen = parser().parse_args(arguments)
    source = Path(os.path.abspath(chosen.source))  # noqa: PTH100  (keeps links as the owner named them)
    destination = chosen.destination or source / "build"
    options = FreezeOptions(
        source=source,
        destination=Path(os.path.abspath(destination)),  # noqa: PTH100
        base_url=chosen.base_url,
        drafts=chosen.drafts,
        future=chosen.future,
        expired=chosen.expired,
        clean=chosen.clean,
    )
    out, errors = writable(sys.stdout), writable(sys.stderr)
    progress: Progress = Terminal(out, errors)
    if chosen.json:
        progress = Lines(out)
    elif chosen.quiet:
        progress = Quiet(errors)
    environment = os.environ if environment is None else environment
    return run(options, app_factory, progress, environment, began, ahead)


def run(
    options: FreezeOptions,
    app_factory: AppFactory,
    progress: Progress,
    environment: Mapping[str, str],
    began: float,
    ahead: Callable[[], Ahead] | None = None,
) -> int:
    """Build, and tell `progress` all of it; return the exit code."""
    before = _inode(options.destination)
    try:
        build(options, app_factory, progress, environment, began, ahead)
    except MeishiError as error:
        for each in getattr(error, "errors", (error,)):
            text = each.message.rstrip(".")
            progress.problem(
                "error",
                (f"{text}. {each.hint}" if each.hint else f"{text}.", _shown(each.path, options), each.line),
            )
        return 1
    except KeyboardInterrupt:
        # Only a swap gives the folder another inode: what is said here has to be true.
        how = "as it was" if _inode(options.destination) == before else "the new build already"
        progress.problem("error", (f"Stopped. {_shown(options.destination, options)} is {how}.", None, None))
        return 130
    return 0


def build(
    options: FreezeOptions,
    app_factory: AppFactory,
    progress: Progress,
    environment: Mapping[str, str],
    began: float,
    ahead: Callable[[], Ahead] | None = None,
) -> None:
    """Build, or find that there is nothing to do; raise what is wrong."""
    now = _now(environment)
    swap = swap_for(options)
    state = None
    if not options.clean and not swap.dirty.exists() and swap.record.exists():
        state = look(options, swap, environment)
        if state.is_current(now):
            _keep_stamps(swap, state)
            _tell_unchanged(state, options, progress, began)
            return
    check_destination(options, swap)
    lock = options.cache / f"{swap.workshop.name}.lock"
    with locked(lock, lambda: progress.step("wait")):
        if swap.dirty.exists() or state is None or swap.record_time() != state.record_time:
            # Nobody has looked yet, or another build has come in between.
            unsure = swap.recover() or options.clean
            looking = functools.partial(look, options, swap, environment, unsure=unsure)
            state = (
                looking() if ahead is None or swap.record.exists() else _look(looking, options, now, ahead)
            )
            if state.is_current(now):
                _tell_unchanged(state, options, progress, began)
                return
        _build(options, app_factory, progress, swap, state, now, began)


def _build(
    options: FreezeOptions,
    app_factory: AppFactory,
    progress: Progress,
    swap: Swap,
    state: State,
    now: float,
    began: float,
) -> None:
    from meishi.publishing.freeze import freeze

    report = freeze(options, app_factory, state=state, swap=swap, now=now, progress=progress)
    for note in report.warnings:
        progress.problem("warning", note)
    progress.done(
        report.table,
        report.rows,
        made=report.made,
        removed=report.removed,
        files=report.files,
        destination=_shown(options.destination, options),
        ms=_milliseconds(began),
    )


def _look(
    looking: Callable[[], State], options: FreezeOptions, now: float, ahead: Callable[[], Ahead]
) -> State:
    """Look at the sources of what is going to be built whatever they are, on two cores if there are."""
    from meishi.publishing.forking import can_fork
    from meishi.publishing.workers import usable_cores

    if not can_fork() or usable_cores() < 2:
        return looking()
    from meishi.publishing.ahead import look_ahead

    return look_ahead(looking, options, now, ahead())


def _tell_unchanged(state: State, options: FreezeOptions, progress: Progress, began: float) -> None:
    manifest = state.manifest
    assert manifest is not None
    for note in dict.fromkeys(manifest.notes()):
        progress.problem("warning", note)
    progress.done(
        manifest.table,
        manifest.rows,
        made=0,
        removed=0,
        files=len(manifest.outputs),
        destination=_shown(options.destination, options),
        ms=_milliseconds(began),
    )


def _keep_stamps(swap: Swap, state: State) -> None:
    """Remember the hashes of files that had to be read again though nothing changed."""
    if state.sources.reread and state.manifest is not None:
        swap.amend(state.manifest._replace(stamps=state.sources.stamps).encode())


def _inode(path: Path) -> int:
    try:
        return path.stat().st_ino
    except OSError:
        return 0


def _now(environment: Mapping[str, str]) -> float:
    """Return the moment that the build is for: SOURCE_DATE_EPOCH, or now."""
    given = environment.get("SOURCE_DATE_EPOCH")
    if given is None:
        return time.time()
    try:
        return float(given)
    except ValueError:
        raise FreezeError(
            f"SOURCE_DATE_EPOCH is {given!r}", hint="It has to be a number of seconds since 1970."
        ) from None


def _shown(path: object, options: FreezeOptions) -> str | None:
    """Write a path as it is seen from the site's folder."""
    if path is None:
        return None
    text = str(path)
    base = f"{options.source}{os.sep}"
    return text.removeprefix(base).replace(os.sep, "/")


def _milliseconds(since: float) -> int:
    return round((time.perf_counter() - since) * 1000)
