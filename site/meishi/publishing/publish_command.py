"""`flask publish`, and the process that the study publishes with: options, what is printed, the exit code."""

from __future__ import annotations

import argparse
import os
import re
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from meishi.config.server import ServerConfig, load_server_config
from meishi.content.editing.git import Author
from meishi.errors import MeishiError
from meishi.publishing.gates import GATES
from meishi.publishing.job import Jobs, PublishOptions
from meishi.publishing.journal import Event, Journal
from meishi.publishing.press import Press, no_one_writes
from meishi.publishing.progress import writable
from meishi.publishing.telling import Lines, Teller, Terminal, follow

if TYPE_CHECKING:
    from meishi.publishing.site import AppFactory

#: Brings what visitors wrote into content/, for the site in a folder and its server; says what it did.
Gather = Callable[[Path, ServerConfig], str]
_EXIT = {"live": 0, "pushed": 0, "unchanged": 0, "looked": 0, "cancelled": 130, "hanging": 3}
_AUTHOR = re.compile(r"(?P<name>[^<]*?)\s*<(?P<email>[^>]*)>")


def parser() -> argparse.ArgumentParser:
    """Describe the options."""
    parser = argparse.ArgumentParser(
        prog="flask publish",
        description="Publish the site: show what changes, build, push, and wait until visitors see it.",
        epilog="Exit code: 0 live, or nothing to do; 1 stopped at a gate, or failed; 3 pushed, but not "
        "seen live in time; 130 stopped.",
    )  # fmt: skip
    parser.add_argument("--via", choices=("branch", "push"), help="build here, or push and let CI build")
    parser.add_argument(
        "--allow", action="append", default=[], choices=GATES, metavar="NAME",
        help=f"let a gate pass, may be given several times: {', '.join(GATES)}",
    )  # fmt: skip
    parser.add_argument(
        "--write-aliases", action="store_true",
        help="where a published address would vanish and its page is recognised elsewhere, write the alias",
    )  # fmt: skip
    parser.add_argument("-n", "--dry-run", action="store_true", help="show what would change, and stop")
    parser.add_argument("--no-wait", dest="wait", action="store_false", help="do not wait until it is live")
    parser.add_argument("-m", "--message", default="", help="the first line of the commit")
    parser.add_argument("--json", action="store_true", help="print a line of JSON for each step")
    parser.add_argument("-q", "--quiet", action="store_true", help="print errors and the end only")
    parser.add_argument("-s", "--source", type=Path, default=Path(), metavar="DIR", help="the site's folder")
    for name in ("--instance", "--restore", "--author", "--job"):
        parser.add_argument(name, default="", help=argparse.SUPPRESS)
    parser.add_argument("--lock", type=int, help=argparse.SUPPRESS)
    return parser


def publish_main(
    arguments: Sequence[str],
    app_factory: AppFactory,
    environment: Mapping[str, str] | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    gather: Gather | None = None,
) -> int:
    """Publish as the command line says; return the exit code."""
    chosen = parser().parse_args(arguments)
    environ = dict(os.environ) if environment is None else environment
    root = Path(os.path.abspath(chosen.source))  # noqa: PTH100  (keeps links as the owner named them)
    out, err = writable(sys.stdout), writable(sys.stderr)
    teller: Teller = Lines(out) if chosen.json else Terminal(out, err, quiet=chosen.quiet)
    try:
        server = load_server_config(root, environ)
        if chosen.instance:
            server = replace(server, instance=Path(chosen.instance))
        jobs = Jobs(root, server.instance, clock)
        handle = chosen.lock
        job = chosen.job
        if handle is None:
            job, handle = jobs.claim()
            if handle is None:
                return _joined(jobs, job, teller)
    except (MeishiError, OSError) as error:
        err.write(f"Error: {error}\n")
        return 1
    try:
        gathering = partial(gather, root, server) if gather else no_one_writes
        return _publish(chosen, jobs, job, environ, app_factory, teller, gathering)
    finally:
        os.close(handle)


def _publish(
    chosen: argparse.Namespace,
    jobs: Jobs,
    job: str,
    environ: Mapping[str, str],
    app_factory: AppFactory,
    teller: Teller,
    gathering: Callable[[], str],
) -> int:
    """Publish with the lock in hand."""
    from meishi.publishing.publish import Publisher

    press = Press(
        root=jobs.root, instance=jobs.instance, environ=environ, app_factory=app_factory, clock=jobs.clock,
        interactive=not chosen.json and sys.stdin is not None and sys.stdin.isatty(),
        stop=_stopper(jobs.cancel_file(job)), gather=gathering,
    )  # fmt: skip
    options = options_of(chosen)
    listeners = () if chosen.job else (teller,)
    journal = Journal(jobs.journal(job), jobs.clock, press.mask, listeners)
    journal.write(
        "began", via=options.via or "", dry_run=options.dry_run, allow=list(options.allow), wait=options.wait,
        restore=options.restore, author=options.author.name if options.author else "", pid=os.getpid(),
    )  # fmt: skip
    try:
        outcome = Publisher(press, options, journal).run()
    finally:
        journal.close()
    state = jobs.state(job)
    if outcome == "looked" and state is not None and state.plan is not None and state.plan.closed:
        return 1
    return _EXIT.get(outcome, 1)


def options_of(chosen: argparse.Namespace) -> PublishOptions:
    """Read the options of a publication."""
    found = _AUTHOR.fullmatch(chosen.author)
    author = Author(found["name"], found["email"]) if found else None
    return PublishOptions(
        via=chosen.via, allow=tuple(chosen.allow), dry_run=chosen.dry_run, wait=chosen.wait,
        restore=chosen.restore, author=author, message=chosen.message,
        write_aliases=chosen.write_aliases,
    )  # fmt: skip


def _stopper(file: Path) -> Callable[[], bool]:
    """Return what tells whether to stop: a file, or the system's wish that the process ends."""
    asked: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: asked.append(number))
    return lambda: bool(asked) or file.exists()


def _joined(jobs: Jobs, job: str, teller: Teller) -> int:
    """Follow the publication that runs already."""
    ended: Event | None = follow(jobs, job, teller)
    if ended is None:
        return 1
    return _EXIT.get(str(ended.data.get("outcome", "")), 1)
