"""`flask publications`: every publication so far, what changed in it, and the way back to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from meishi.cli.errors import plainly, say
from meishi.errors import PublishError
from meishi.freezing import publish as publish_main
from meishi.publishing.history import History, history_of
from meishi.publishing.publication import Publication
from meishi.publishing.telling import shown_change


def publications_command(root: Path) -> click.Group:
    """Make the commands about the publications of the site in a folder."""

    @click.group("publications", short_help="List, show and restore publications.")
    def publications() -> None:
        """List, show and restore publications.

        \b
        Examples:
          flask publications list
          flask publications show 3f2a91c
          flask publications restore 3f2a91c
        """  # noqa: D301

    publications.add_command(_list_command(root))
    publications.add_command(_show_command(root))
    publications.add_command(_restore_command(root))
    return publications


def _history(root: Path, *, fetch: bool) -> History:
    history = history_of(root)
    if history is None:
        raise PublishError(
            "this site has no git repository with a remote to publish to", hint="See docs/publishing.md"
        )
    if fetch:
        history.fetch()
    return history


def _list_command(root: Path) -> click.Command:
    @click.command("list", short_help="List all publications, the newest first.")
    @click.option("-n", "--limit", default=20, show_default=True, help="How many at most.")
    @click.option("--offline", is_flag=True, help="Do not ask the remote for newer ones.")
    @click.option("--json", "as_json", is_flag=True, help="Print a line of JSON for each.")
    def list_(limit: int, offline: bool, as_json: bool) -> None:
        """List publications, the newest first, with their ids."""
        with plainly():
            found = _history(root, fetch=not offline).publications(limit)
        if not found and not as_json:
            say("Nothing is published yet. Publish with: flask publish")
        for publication in found:
            say(json.dumps(publication.as_json(), ensure_ascii=False) if as_json else line_of(publication))

    return list_


def _show_command(root: Path) -> click.Command:
    @click.command("show", short_help="Show one publication.")
    @click.argument("identity", metavar="ID")
    @click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
    def show(identity: str, as_json: bool) -> None:
        """Show a publication: when, by whom, from which commit, its table, and what changed."""
        with plainly():
            history = _history(root, fetch=False)
            found = history.find(identity)
            if found is None:
                found = history.find(identity) if history.fetch() else None
            if found is None:
                raise PublishError(f"there is no publication {identity}", hint="Try: flask publications list")
            difference = history.changes(found)
        if as_json:
            say(json.dumps({**found.as_json(), "difference": difference.as_json()}, ensure_ascii=False))
            return
        for line in _described(found):
            say(line)
        for change in difference.changes:
            say(shown_change(change))

    return show


def _restore_command(root: Path) -> click.Command:
    @click.command("restore", short_help="Publish an earlier publication again.")
    @click.argument("identity", metavar="ID")
    @click.option("-n", "--dry-run", is_flag=True, help="Show what would change, and stop.")
    @click.option("--no-wait", is_flag=True, help="Do not wait until it is live.")
    @click.option("--json", "as_json", is_flag=True, help="Print a line of JSON for each step.")
    @click.pass_context
    def restore(context: click.Context, identity: str, dry_run: bool, no_wait: bool, as_json: bool) -> None:
        """Bring a publication back, as a new one upon the newest: nothing is lost, and the domain stays."""
        flags = {"--dry-run": dry_run, "--no-wait": no_wait, "--json": as_json}
        chosen = [name for name, on in flags.items() if on]
        context.exit(publish_main(["--source", str(root), f"--restore={identity}", *chosen]))

    return restore


def line_of(publication: Publication) -> str:
    """Write a publication as one line."""
    changes = ""
    if publication.changes is not None:
        changes = "  +{} ~{} -{}".format(*publication.changes)
    when = f"{publication.when:%Y-%m-%d %H:%M}"
    return f"{publication.id[:10]}  {when}  {publication.author}  {publication.subject}{changes}"


def _described(publication: Publication) -> Iterator[str]:
    yield f"{publication.subject}"
    yield f"  id      {publication.id}"
    yield f"  when    {publication.when:%Y-%m-%d %H:%M %z}"
    yield f"  author  {publication.author} <{publication.email}>"
    if publication.source:
        dirty = publication.source.endswith("+")
        yield f"  source  {publication.source.rstrip('+')}{' with changes in no commit' if dirty else ''}"
    if publication.build:
        yield f"  build   {publication.build}"
    if publication.restores:
        yield f"  brought back {publication.restores}"
    if publication.table:
        yield ""
        yield publication.table
    yield ""
