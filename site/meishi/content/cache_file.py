"""A file of a cache: there as a whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_whole(place: Path, data: bytes) -> None:
    """Put a whole file in its place at once; two processes may do so at the same time."""
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=".", suffix=".part")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        temporary.chmod(0o644)
        temporary.replace(place)
    except PermissionError:
        # Windows does not replace a file that another process is reading: that one is as good.
        temporary.unlink(missing_ok=True)
        if not place.exists():
            raise
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
