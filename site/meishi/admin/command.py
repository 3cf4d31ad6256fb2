"""`flask owner`: set or reset the password at the server itself."""

from __future__ import annotations

import sys

import click

from meishi.admin.identity import site_words
from meishi.admin.passwords import MINIMUM, weakness
from meishi.admin.study import Study
from meishi.errors import MeishiError


def owner_command(study: Study) -> click.Command:
    """Make the command for a site."""

    @click.command("owner")
    @click.option("--forget-passkeys", is_flag=True, help="Remove every passkey as well.")
    def owner(forget_passkeys: bool) -> None:
        """Set or reset the owner's password, and sign every browser out.

        Asks for the password; a script may send it as one line on standard input.
        """
        try:
            password = _asked()
            _refuse_weak(password, study)
            study.owner.set_password(password)
            ended = study.sessions.end_all()
            study.throttle.forget_all()
            if forget_passkeys:
                study.passkeys.remove_all()
        except MeishiError as error:
            raise click.ClickException(str(error)) from error
        click.echo("The password is set. Sign in at /admin/.")
        if ended:
            click.echo(f"Signed out {ended} browser{'s' if ended > 1 else ''}.")
        kept = study.passkeys.all()
        if kept:
            click.echo(f"{len(kept)} passkey(s) still work; --forget-passkeys removes them.")

    return owner


def _asked() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("New password", hide_input=True, confirmation_prompt="Once more"))


def _refuse_weak(password: str, study: Study) -> None:
    reason = weakness(password, site_words(study))
    reasons = {
        "short": f"The password needs at least {MINIMUM} characters: three or four unrelated words do well.",
        "long": "The password is too long.",
        "guessable": "That password is easy to guess: three or four unrelated words do better.",
    }
    if reason:
        raise click.ClickException(reasons[reason])
