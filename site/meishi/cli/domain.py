"""`flask domain`: what is right and what is wrong about the site's own domain."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from meishi.cli.errors import plainly, say
from meishi.config import load_site_config


def domain_command(root: Path, now: Callable[[], datetime]) -> click.Command:
    """Make the command for the site in a folder."""

    @click.command("domain", short_help="Look whether the site's own domain is set up.")
    @click.argument("name", required=False)
    @click.option("--json", "as_json", is_flag=True, help="Print one object of JSON.")
    @click.option("--language", type=click.Choice(["en", "ja"]), help="The language of the report.")
    @plainly()
    def domain(name: str | None, as_json: bool, language: str | None) -> None:
        """Look at everything that the domain of baseURL needs: DNS, GitHub's settings, HTTPS.

        For the host, its apex and its www: A, AAAA, CNAME and CAA records, the proof of ownership, the file
        CNAME that is published, the setting at GitHub (if GITHUB_TOKEN is set), the certificate, and where
        http:// and the other name lead. Each with what is there, what should be, and what to do next, also
        as lines of a zone file. NAME looks at another domain, before you set baseURL.

        Exit code: 0, or 1 when something is wrong.

        \b
        Examples:
          flask domain
          flask domain www.example.com --language ja
        """  # noqa: D301
        # Every other command would wait for dnspython, too.
        from meishi.publishing.domain.doctor import examine
        from meishi.publishing.domain.instruments import instruments_of
        from meishi.publishing.domain.names import host_of
        from meishi.publishing.domain.subject import subject_of
        from meishi.publishing.domain.telling import told
        from meishi.publishing.domain.words import language_of

        subject = subject_of(load_site_config(root), os.environ)
        if name is not None:
            subject = replace(subject, base_url=f"https://{host_of(name)}/")
        if sys.stderr.isatty():
            say("Asking DNS, GitHub and the site …", err=True)
        report = examine(subject, instruments_of(os.environ, now))
        chosen = language_of(language or _spoken(os.environ))
        if as_json:
            say(json.dumps(report.as_json(chosen), ensure_ascii=False))
        else:
            for line, colour in told(report, chosen):
                say(line, colour=colour)
        if report.level == "error":
            raise SystemExit(1)

    return domain


def _spoken(environ: Mapping[str, str]) -> str:
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    return next((environ[name] for name in names if environ.get(name)), "en")
