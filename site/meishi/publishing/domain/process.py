"""The doctor as a process of its own, which prints its report as JSON: a server need not wait for DNS."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from meishi.config import load_site_config
from meishi.errors import MeishiError
from meishi.publishing.domain.doctor import examine
from meishi.publishing.domain.instruments import instruments_of
from meishi.publishing.domain.subject import subject_of


def main(arguments: Sequence[str]) -> int:
    """Examine the domain of the site in a folder."""
    try:
        subject = subject_of(load_site_config(Path(arguments[0])), os.environ)
        report = examine(subject, instruments_of(os.environ, lambda: datetime.now(UTC)))
    except MeishiError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(json.dumps(report.as_json()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
