"""The owner's contact data as a vCard 3.0 (RFC 2426), the version that every address book reads.

segno's own writer neither folds long lines nor knows a Japanese reading, so this is done here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from meishi.content.japanese import is_cjk

# What a vCard line may hold besides its line end (RFC 2426, 2.6).
_OCTETS = 75


def vcard(author: Mapping[str, Any], *, url: str = "") -> str:
    """Write a vCard from `name` and what else there is; "" when there is no name.

    Known: name, family, given, reading, family_reading, given_reading, nickname, organisation (or
    organization, org, company), department, role (or job, jobTitle), email, phone (or tel), mobile, fax,
    address (text, or a table of street, city, region, postcode, country), url, birthday, note.
    Email, phone and url may be lists.
    """
    name = _first(author, "name") or " ".join(
        filter(None, (_first(author, "given"), _first(author, "family")))
    )
    if not name:
        return ""
    family, given = _names(author, name)
    lines = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"N:{_text(family)};{_text(given)};;;",
        f"FN:{_text(name)}",
        *_reading(author),
        *_lines("NICKNAME", author, "nickname"),
    ]
    organisation = _first(author, "organisation", "organization", "org", "company")
    department = _first(author, "department")
    if organisation or department:
        lines.append("ORG:" + _text(organisation) + (f";{_text(department)}" if department else ""))
    lines += [
        *_lines("TITLE", author, "role", "job", "jobTitle"),
        *_lines("EMAIL;TYPE=INTERNET", author, "email"),
        *_lines("TEL;TYPE=VOICE", author, "phone", "tel"),
        *_lines("TEL;TYPE=CELL", author, "mobile"),
        *_lines("TEL;TYPE=FAX", author, "fax"),
        *_address(author.get("address")),
        # An address on the web is no text: commas and semicolons in it stay as they are.
        *(f"URL:{_line(value)}" for value in _values(author, "url") or ([url] if url else [])),
        *_lines("BDAY", author, "birthday"),
        *_lines("NOTE", author, "note"),
        "END:VCARD",
    ]
    return "".join(_folded(line) + "\r\n" for line in lines)


def _names(author: Mapping[str, Any], name: str) -> tuple[str, str]:
    """Split a name: a Japanese one begins with the family, others end with it."""
    family, given = _first(author, "family"), _first(author, "given")
    if family or given:
        return family, given
    parts = name.split()
    if len(parts) < 2:
        return name, ""
    if any(map(is_cjk, name)):
        return parts[0], " ".join(parts[1:])
    return parts[-1], " ".join(parts[:-1])


def _reading(author: Mapping[str, Any]) -> list[str]:
    """Write the kana, which phones sort Japanese names by."""
    family, given = _first(author, "family_reading"), _first(author, "given_reading")
    reading = _first(author, "reading").split(maxsplit=1)
    if reading and not (family or given):
        family, given = reading[0], reading[1] if len(reading) > 1 else ""
    lines = [f"X-PHONETIC-LAST-NAME:{_text(family)}"] if family else []
    lines += [f"X-PHONETIC-FIRST-NAME:{_text(given)}"] if given else []
    if family or given:
        lines.append(f"SORT-STRING:{_text(f'{family} {given}'.strip())}")
    return lines


def _address(address: object) -> list[str]:
    if isinstance(address, Mapping):
        names = ("pobox", "extended", "street", "city", "region", "postcode", "country")
        parts = [_first(address, *_ALIASES.get(name, (name,))) for name in names]
        return ["ADR:" + ";".join(map(_text, parts))] if any(parts) else []
    text = _first({"address": address}, "address")
    return [f"ADR:;;{_text(text)};;;;"] if text else []


_ALIASES = {
    "city": ("city", "locality"),
    "postcode": ("postcode", "postal_code", "postalCode", "zip", "zipcode"),
}


def _lines(name: str, source: Mapping[str, Any], *keys: str) -> list[str]:
    return [f"{name}:{_text(value)}" for value in _values(source, *keys)]


def _values(source: Mapping[str, Any], *keys: str) -> list[str]:
    """Read the first key that is there as a list of texts."""
    for key in keys:
        value = source.get(key)
        if value is None or value == "":
            continue
        rows = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
        return [str(row).strip() for row in rows if str(row).strip()]
    return []


def _first(source: Mapping[str, Any], *keys: str) -> str:
    return next(iter(_values(source, *keys)), "")


def _text(value: str) -> str:
    value = re.sub(r"\r\n|\r|\n", "\n", value)
    return _line(re.sub(r"([\\,;])", r"\\\1", value).replace("\n", "\\n"))


def _line(value: str) -> str:
    """Leave out control characters: a line end in a value would begin a line of its own."""
    return "".join(character for character in value if character >= " " and character != "\x7f")


def _folded(line: str) -> str:
    """Fold a line after 75 octets, never inside a character."""
    pieces, size = [""], 0
    for character in line:
        octets = len(character.encode())
        if size + octets > _OCTETS:
            # The space that marks a continuation counts.
            pieces.append("")
            size = 1
        pieces[-1] += character
        size += octets
    return "\r\n ".join(pieces)
