"""What the tests of commands share: `flask` for a small site."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from meishi.cli import register_commands

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def flask(project: Path) -> Callable[..., Result]:
    """Run a command on a site: `flask(root, "list", "all")`."""

    def run(root: Path, *arguments: str) -> Result:
        app = Flask("meishi", static_folder=None, template_folder=None)
        register_commands(app, root, project, lambda: NOW)
        return app.test_cli_runner().invoke(args=list(arguments))

    return run
