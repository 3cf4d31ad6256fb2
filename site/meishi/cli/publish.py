"""`flask publish`: show what changes, build, push, and wait until visitors see it."""

from __future__ import annotations

from pathlib import Path

import click

from meishi.freezing import publish as publish_main


def publish_command(root: Path) -> click.Command:
    """Make the command that publishes the site in a folder."""

    @click.command(
        "publish",
        short_help="Publish the site.",
        add_help_option=False,
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    )
    @click.argument("options", nargs=-1, type=click.UNPROCESSED)
    @click.pass_context
    def publish(context: click.Context, options: tuple[str, ...]) -> None:
        """Publish the site: show what visitors will see change, build, push, and wait until it is live.

        \b
        Examples:
          flask publish
          flask publish --dry-run
          flask publish --via push
          flask publish --write-aliases
          flask publish --allow vanished --no-wait
        """  # noqa: D301
        context.exit(publish_main(["--source", str(root), *options]))

    return publish
