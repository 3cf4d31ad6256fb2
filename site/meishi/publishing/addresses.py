"""From the address of a page to its file, for any static host and any file system."""

from __future__ import annotations

import re
from collections.abc import Iterable

from meishi.errors import FreezeError

# What Windows and the upload actions of GitHub refuse in a file's name, and what would leave the folder.
_ODD = re.compile(r'["*:<>?|\\\x00-\x1f\x7f]|//|/\.\.?(?:/|$)|[. ](?:/|$)')
_RESERVED = re.compile(r"/(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.[^/]*)?(?:/|$)", re.IGNORECASE)


def file_of(address: str) -> str:
    """Return the path below the destination at which the page of `address` lies."""
    if not address.startswith("/") or _ODD.search(address):
        raise FreezeError(
            f"The address {address!r} cannot be a file on every system",
            hint='Use names without " * : < > ? | \\ and without "." or a space at their end.',
        )
    if _RESERVED.search(address):
        raise FreezeError(
            f"The address {address!r} holds a name that Windows reserves",
            hint="Give the page another slug or url.",
        )
    path = address[1:] + "index.html" if address.endswith("/") else address[1:]
    if any(len(part.encode()) > 255 for part in path.split("/")):
        raise FreezeError(
            f"A name in the address {address!r} is longer than 255 bytes", hint="Give it a shorter slug."
        )
    return path


def files_of(addresses: Iterable[str]) -> tuple[dict[str, str], list[FreezeError]]:
    """Return the file of each address, and an error for every address that cannot have one of its own."""
    files: dict[str, str] = {}
    errors: list[FreezeError] = []
    owners: dict[str, str] = {}
    folders: dict[str, str] = {}
    for address in addresses:
        try:
            path = file_of(address)
        except FreezeError as error:
            errors.append(error)
            continue
        folded = path.casefold()
        if folded in owners:
            errors.append(_clash(owners[folded], address, "differ in nothing but upper and lower case"))
            continue
        owners[folded] = address
        files[address] = path
        end = folded.rfind("/")
        while end > 0 and folded[:end] not in folders:
            folders[folded[:end]] = address
            end = folded.rfind("/", 0, end)
    for folder in folders.keys() & owners.keys():
        errors.append(
            _clash(owners[folder], folders[folder], "would be a file and a folder of the same name")
        )
    return files, errors


def _clash(one: str, other: str, why: str) -> FreezeError:
    return FreezeError(f"{one} and {other} {why}", hint="Give one of them another slug, url or name.")
