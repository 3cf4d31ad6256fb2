"""Rules that hold for any front matter: what was not touched stays, what was set is read back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from front_matters import NAMES, VALUES, json_pages, toml_pages, toml_texts, yaml_pages
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from meishi.content.editing.errors import FieldError
from meishi.content.editing.fields import Field, read_fields, set_config, set_field
from meishi.content.editing.values import same
from meishi.errors import ConfigError, FrontMatterError

PAGES = yaml_pages() | toml_pages() | json_pages()
INSIDE = "  # last"  # a comment in a value goes with the value
often = settings(max_examples=150, suppress_health_check=list(HealthCheck))


def fields(text: str) -> dict[str, Any]:
    return {row.name: row.value for row in read_fields(text).rows}


def as_written(flavour: str, value: Any) -> Any:
    """JSON has no dates, and TOML nothing for nothing."""
    if flavour != "json":
        return value
    if isinstance(value, dict):
        return {name: as_written(flavour, one) for name, one in value.items()}
    if isinstance(value, list):
        return [as_written(flavour, one) for one in value]
    return value.isoformat() if isinstance(value, date | datetime) else value


@often
@given(PAGES)
def test_setting_every_field_to_what_it_is_changes_no_byte(text: str) -> None:
    found = parsed(text)
    for row in found:
        assert set_field(text, row.name, row.value) == text or row.value is None


@often
@given(PAGES, st.data())
def test_a_field_is_read_back_and_all_others_and_their_lines_stay(text: str, data: st.DataObject) -> None:
    rows = parsed(text)
    assume(rows)
    row = data.draw(st.sampled_from(rows))
    value = data.draw(VALUES)
    before = fields(text)
    flavour = read_fields(text).flavour
    after = set_field(text, row.name, value)
    assert same(fields(after), before | {row.name: as_written(flavour, value)})
    head, tail = around(text, row)
    assert after.startswith(head)
    assert after.endswith(tail)
    assert read_fields(after).body == read_fields(text).body


@often
@given(PAGES, st.sampled_from([*NAMES, "new", "yes", "2024"]), VALUES)
def test_a_new_field_adds_lines_and_changes_none(text: str, name: str, value: Any) -> None:
    parsed(text)
    before = fields(text)
    assume(name.lower() not in {known.lower() for known in before})
    flavour = read_fields(text).flavour
    after = set_field(text, name, value)
    assert same(fields(after), before | {name: as_written(flavour, value)})
    if flavour != "json":
        assert is_within(text.split("\n"), after.split("\n"))


@often
@given(PAGES, st.data())
def test_a_field_that_is_taken_out_takes_only_its_own_lines(text: str, data: st.DataObject) -> None:
    rows = parsed(text)
    assume(rows)
    row = data.draw(st.sampled_from(rows))
    after = set_field(text, row.name, None)

    left = fields(text)
    del left[row.name]
    assert same(fields(after), left)
    if read_fields(text).flavour != "json":
        assert is_within(after.split("\n"), text.split("\n"))


@often
@given(toml_texts(), st.data())
def test_a_setting_anywhere_in_a_settings_file_is_read_back(text: str, data: st.DataObject) -> None:
    import tomllib

    try:
        before = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        assume(False)
    path = data.draw(st.sampled_from(list(paths(before)) or [("new",)]))
    value = data.draw(VALUES | st.none())
    try:
        after = set_config(text, path, value)
    except FieldError:
        # [[tables]] hold tables only.
        assert isinstance(path[-1], int)
        assert not isinstance(value, dict)
        return
    now: Any = tomllib.loads(after)
    for part in path[:-1]:
        now = now[part] if isinstance(part, int) else now.get(part, {})
    if value is None:
        assert isinstance(now, list) or path[-1] not in now
    else:
        assert same(now[path[-1]], value)
    comments = [line for line in text.split("\n") if line.lstrip().startswith("#") and line != INSIDE]
    assert is_within(comments, after.split("\n"))


def paths(values: Any, start: tuple[str | int, ...] = ()) -> Any:
    pairs = values.items() if isinstance(values, dict) else enumerate(values)
    for name, value in pairs:
        yield (*start, name)
        if isinstance(value, dict | list):
            yield from paths(value, (*start, name))


def parsed(text: str) -> tuple[Field, ...]:
    try:
        return read_fields(text).rows
    except (FrontMatterError, ConfigError):
        assume(False)
        raise


def around(text: str, row: Field) -> tuple[str, str]:
    """Return the lines above a field and those below it."""
    lines = text.split("\n")
    table = isinstance(row.value, dict) and not row.raw.startswith("{")
    if read_fields(text).flavour == "toml" and (table or row.raw == "[[many]]"):
        return "", ""  # a table may have its parts anywhere
    return "\n".join([*lines[: row.line - 1], ""]), "\n".join(["", *lines[row.last :]])


def is_within(few: list[str], many: list[str]) -> bool:
    """Tell whether all lines of one text stand in the other, in the same order."""
    rest = iter(many)
    return all(line in rest for line in few)


@pytest.mark.parametrize("flavour", ["yaml", "toml", "json"])
def test_half_a_character_cannot_be_set(flavour: str) -> None:
    text = {"yaml": "---\na: b\n---\n", "toml": '+++\na = "b"\n+++\n', "json": '{"a": "b"}\n'}[flavour]
    with pytest.raises(FieldError, match="cannot be changed"):
        set_field(text, "a", "\ud800")
