"""The guestbook's part of the settings form writes what it says, and turns nothing on by the way."""

from __future__ import annotations

from html import unescape

import pytest
from guestbook_site import CONFIG
from visitors import Visitor, study_of
from werkzeug.datastructures import MultiDict

from meishi.admin.settings_fields import changed, shown
from meishi.admin.settings_groups import GROUPS

GUESTBOOK = next(group for group in GROUPS if group.id == "guestbook")


def form_of(text: str, **changes: str) -> MultiDict[str, str]:
    """Fill the form as a browser would have it, then change some of it; "" takes a switch off."""
    import tomllib

    values = tomllib.loads(text)
    form: MultiDict[str, str] = MultiDict()
    for setting in GUESTBOOK.settings:
        name, value = setting.key.rpartition(".")[2], shown(values, setting)
        value = changes.get(name, value)
        if setting.kind == "switch":
            form[f"has-{setting.key}"] = "1"
            if not value:
                continue
        form[setting.key] = value
    return form


PLAIN = 'title = "Ichi"\n'


def test_an_unchanged_form_writes_nothing() -> None:
    assert changed(PLAIN, form_of(PLAIN)) == PLAIN
    assert changed(CONFIG, form_of(CONFIG)) == CONFIG


def test_it_is_turned_on_and_off_in_so_many_words() -> None:
    on = changed(PLAIN, form_of(PLAIN, enable="1"))
    assert on.endswith("[guestbook]\nenable = true\n")
    assert changed(on, form_of(on, enable="")).endswith("enable = false\n")


def test_a_table_that_says_something_is_a_guestbook_that_is_on() -> None:
    text = '[guestbook]\nmode = "open"\n'
    assert form_of(text)["guestbook.enable"] == "1"
    assert "enable = false" in changed(text, form_of(text, enable=""))


def test_other_settings_do_not_turn_it_on() -> None:
    text = changed(PLAIN, form_of(PLAIN, mode="hold-all"))

    assert "enable = false" in text
    assert 'mode = "hold-all"' in text


@pytest.mark.parametrize(
    ("field", "value", "line"),
    [
        ("slow", "30", "slow = 30"),
        ("words", "casino, 副業、 x", 'words = ["casino", "副業", "x"]'),
        ("pages", "1", "pages = true"),
        ("server", "https://live.example.com/", 'server = "https://live.example.com/"'),
        ("mail", "me@example.com", 'mail = "me@example.com"'),
        ("feed", "", "feed = false"),
    ],
)
def test_each_field_writes_its_own_line(field: str, value: str, line: str) -> None:
    text = changed(CONFIG, form_of(CONFIG, **{field: value}))

    assert line in text.splitlines()
    assert changed(text, form_of(text)) == text


def test_a_wrong_value_is_refused_with_the_reason(owner: Visitor) -> None:
    form = form_of(PLAIN, enable="1", slow="soon")
    answer = owner.post("/admin/settings/", dict(form))

    assert answer.status_code == 422
    assert "guestbook.slow must be a whole number" in unescape(answer.get_data(as_text=True))


def test_switched_on_in_the_settings_it_is_there_at_once(owner: Visitor) -> None:
    assert owner.get("/admin/guestbook/").status_code == 404
    assert owner.post("/admin/settings/", dict(form_of(PLAIN, enable="1"))).status_code == 303
    try:
        assert owner.get("/admin/guestbook/").status_code == 200
    finally:
        owner.client.application.extensions["meishi.guestbook"].stop()
    assert study_of(owner.client.application).guestbook() is not None
