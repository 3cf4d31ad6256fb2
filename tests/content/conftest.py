"""What the tests of content share."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from small_library import ReadSite, write_and_read


@pytest.fixture
def read_site(tmp_path: Path) -> ReadSite:
    """Write content files and read them: `read_site({"about.md": "# Hi"}, TWO)`."""
    return partial(write_and_read, tmp_path)
