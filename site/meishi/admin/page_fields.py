"""The front matter as a form: which fields have an input of their own, values as text and back."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from meishi.admin.language import lazy_gettext
from meishi.content.editing.fields import Field, read_fields, set_field
from meishi.content.frontmatter import Flavour, Source, parse
from meishi.errors import FrontMatterError


@dataclass(frozen=True, slots=True)
class Input:
    """A field with an input of its own; `names` are Hugo's names for it, the usual one first."""

    names: tuple[str, ...]
    kind: str
    label: str
    hint: str = ""
    group: str = "page"

    @property
    def name(self) -> str:
        """Return the usual name."""
        return self.names[0]


INPUTS: tuple[Input, ...] = (
    Input(("title",), "line", lazy_gettext("Title")),
    Input(
        ("description",),
        "text",
        lazy_gettext("Description"),
        lazy_gettext("For search engines and previews of links."),
    ),
    Input(("tags",), "tags", lazy_gettext("Tags")),
    Input(
        ("image",), "line", lazy_gettext("Picture"), lazy_gettext("A file beside the page, or in static/.")
    ),
    Input(("draft",), "switch", lazy_gettext("Draft"), lazy_gettext("Drafts are not published."), "time"),
    Input(("date",), "moment", lazy_gettext("Date"), "", "time"),
    Input(
        ("publishDate", "pubdate", "published"),
        "moment",
        lazy_gettext("Appears"),
        lazy_gettext("Hidden before."),
        "time",
    ),
    Input(
        ("expiryDate", "unpublishdate"),
        "moment",
        lazy_gettext("Expires"),
        lazy_gettext("Hidden from then on."),
        "time",
    ),
    Input(("weight",), "number", lazy_gettext("Order"), lazy_gettext("Small numbers come first."), "place"),
    Input(("menuname", "linkTitle"), "line", lazy_gettext("Name in the menu"), "", "place"),
    Input(
        ("slug",),
        "line",
        lazy_gettext("Address"),
        lazy_gettext("The last part of it; otherwise the file's name."),
        "place",
    ),
    Input(
        ("aliases",),
        "lines",
        lazy_gettext("Old addresses"),
        lazy_gettext("One a line. They lead here."),
        "place",
    ),
    Input(
        ("link",),
        "line",
        lazy_gettext("Leads elsewhere"),
        lazy_gettext("The menu's entry opens this address."),
        "place",
    ),
)
_KNOWN = {name.lower(): one for one in INPUTS for name in one.names}


def form_values(text: str, path: str) -> list[dict[str, Any]]:
    """List the fields of a page for the form: {name, input, value, line}; `input` is "" for unknown ones.

    The value of an unknown field, or of one whose value no input of its kind can show, is its text.
    """
    fields = read_fields(text, path)
    return [_row(field, fields.flavour) for field in fields.rows]


def _row(field: Field, flavour: Flavour) -> dict[str, Any]:
    known = _KNOWN.get(field.name.lower())
    value = _shown(known, field.value) if known else None
    if known is None or value is None:
        return {"name": field.name, "input": "", "value": _as_text(field.value, flavour), "line": field.line}
    return {"name": field.name, "input": known.name, "value": value, "line": field.line}


def _shown(known: Input, value: Any) -> Any:
    """Give a value as its input shows it; None if that input cannot."""
    if value is None:
        return [] if known.kind in ("tags", "lines") else False if known.kind == "switch" else ""
    if known.kind == "switch":
        return value if isinstance(value, bool) else None
    if known.kind == "number":
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else None
    if known.kind in ("tags", "lines"):
        values = [value] if isinstance(value, str) else value
        plain = isinstance(values, list) and all(isinstance(one, str | int | date) for one in values)
        return [str(one) for one in values] if plain else None
    if known.kind == "moment":
        return value.isoformat() if isinstance(value, date) else value if isinstance(value, str) else None
    return str(value) if isinstance(value, str | int | float | date) else None


def _as_text(value: Any, flavour: Flavour) -> str:
    if isinstance(value, str) and flavour != "json":
        plain = _from_text(value, flavour) if value.strip() == value and value else None
        return value if plain == value else json.dumps(value, ensure_ascii=False)
    if flavour == "json" or not isinstance(value, date | time):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value.isoformat()


def change(text: str, path: str, changes: Sequence[Mapping[str, Any]]) -> str:
    """Write changed inputs into a page: {name, input, value}; an empty value takes the field out."""
    for one in changes:
        name, value = str(one["name"]), one["value"]
        known = _KNOWN.get(str(one.get("input", "")).lower())
        made = _typed(known, value, name) if known else _free(text, path, value)
        text = set_field(text, name, made, path)
    return text


def _typed(known: Input, value: Any, name: str) -> Any:
    if known.kind == "switch":
        return bool(value)
    if known.kind in ("tags", "lines"):
        return [str(one) for one in value] or None
    written = str(value).strip() if known.kind != "text" else str(value)
    if not written:
        return None
    if known.kind == "number":
        if not re.fullmatch(r"-?\d{1,9}", written):
            raise FrontMatterError(
                f"{name} must be a whole number, not {written!r}", hint=f"Write `{name}: 10`"
            )
        return int(written)
    if known.kind == "moment":
        return _moment(written, name)
    return written


def _moment(written: str, name: str) -> date | datetime:
    try:
        return date.fromisoformat(written) if len(written) == 10 else datetime.fromisoformat(written)
    except ValueError as error:
        message = f"{name} must be a date, not {written!r}"
        raise FrontMatterError(message, hint="Write it like 2026-11-22 or 2026-11-22T10:00") from error


def _free(text: str, path: str, value: Any) -> Any:
    """Read what was typed for any other field as the language of the front matter reads it."""
    written = str(value)
    if not written.strip():
        return None
    return _from_text(written, read_fields(text, path).flavour)


def _from_text(written: str, flavour: Flavour) -> Any:
    if flavour == "toml":
        try:
            return tomllib.loads(f"value = {written}")["value"]
        except tomllib.TOMLDecodeError:
            return written
    if flavour == "json":
        try:
            return json.loads(written)
        except ValueError:
            return written
    try:
        return parse(Source("yaml", f"value: {written}", "", 1), "")["value"]
    except (FrontMatterError, KeyError):
        return written
