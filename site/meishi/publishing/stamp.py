"""The id of a build, made from its bytes alone and put into the home page, so that visitors' copies tell it.

The home page alone bears it: on every page it would change every page at every edit.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from meishi.publishing.manifest import Output
from meishi.publishing.tree import look_at

HOME = "index.html"
_STAMP = re.compile(rb'<meta name="meishi-build" content="([0-9a-f]+)">\n?')
# Files that are published as they are stay as they are; what encoders make differs between machines.
_AS_IT_IS, _ENCODED = "Static files", "Processed images"


def build_id(outputs: Mapping[str, Output]) -> str:
    """Return the id of a build: the same bytes have the same id."""
    hasher = hashlib.blake2b(digest_size=10)
    for path in sorted(outputs):
        if outputs[path].row != _ENCODED:
            hasher.update(f"{path}\0{outputs[path].digest}\n".encode())
    return hasher.hexdigest()


def stamp_of(data: bytes) -> str:
    """Return the id that a home page bears, "" if it bears none."""
    found = _STAMP.search(data)
    return found[1].decode() if found else ""


def without_stamp(data: bytes) -> bytes:
    """Return a home page as it was rendered."""
    return _STAMP.sub(b"", data)


def stamped(data: bytes, identity: str) -> bytes:
    """Return a home page that bears an id; one without a head stays as it is."""
    plain = without_stamp(data)
    end = plain.lower().find(b"</head>")
    if end < 0:
        return plain
    return plain[:end] + f'<meta name="meishi-build" content="{identity}">\n'.encode() + plain[end:]


def stamp(staging: Path, outputs: dict[str, Output]) -> None:
    """Put the build's id into its home page. The digest in the record stays that of the page without it."""
    home = outputs.get(HOME)
    if home is None or home.row == _AS_IT_IS:
        return
    place = staging / HOME
    data = place.read_bytes()
    fresh = stamped(data, build_id(outputs))
    if fresh == data:
        return
    # Never written in place: it may be a link to the published file.
    beside = place.with_name(f"{HOME}.stamped")
    beside.write_bytes(fresh)
    beside.replace(place)
    look = look_at(str(place))
    assert look is not None
    outputs[HOME] = home._replace(size=look[0], mtime_ns=look[1], inode=look[2])
