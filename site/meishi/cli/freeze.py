"""`flask freeze`: the same as `python freeze.py`."""

from __future__ import annotations

from pathlib import Path

import click

from meishi.freezing import main


def freeze_command(root: Path) -> click.Command:
    """Make the command that builds the site in a folder."""

    @click.command(
        "freeze",
        short_help="Build the static site.",
        add_help_option=False,
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    )
    @click.argument("options", nargs=-1, type=click.UNPROCESSED)
    @click.pass_context
    def freeze(context: click.Context, options: tuple[str, ...]) -> None:
        """Build the static site into build/, as `python freeze.py` does, with the same options.

        \b
        Examples:
          flask freeze
          flask freeze --base-url https://user.github.io/web/
          flask freeze --drafts --destination ../preview
        """  # noqa: D301
        context.exit(main(["--source", str(root), *options]))

    return freeze
