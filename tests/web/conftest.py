"""What the tests of the public site share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from shown_site import Show, Shown, read


@pytest.fixture
def show(make_site: Callable[..., Path]) -> Show:
    """Write a site and read it: `show({"content/about.md": "# Hi"}).text("/about/")`."""

    def make(files: Mapping[str, str | bytes] | None = None, **options: Any) -> Shown:
        return read(make_site(files), **options)

    return make


@pytest.fixture(scope="session")
def png() -> bytes:
    """Draw a small picture."""
    from io import BytesIO

    from PIL import Image

    file = BytesIO()
    Image.new("RGB", (600, 400), "#c9371f").save(file, "PNG")
    return file.getvalue()
