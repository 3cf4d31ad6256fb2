"""What the tests of the development server share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from developed_site import FILES, Develop, Developed

from meishi.factory import create_app


@pytest.fixture
def develop(make_site: Callable[..., Path], served: Callable[..., str]) -> Iterator[Develop]:
    """Serve a site as `flask run` does: `develop({"content/a.md": "Hi"}).save("content/a.md", "Ho")`."""
    apps: list[Any] = []

    def make(files: Mapping[str, str | bytes] | None = None) -> Developed:
        root = make_site(FILES | dict(files or {}))
        app = create_app(root, reload=True)
        apps.append(app)
        return Developed(root, served(app), app)

    yield make
    for app in apps:
        app.extensions["meishi.watcher"].stop()
