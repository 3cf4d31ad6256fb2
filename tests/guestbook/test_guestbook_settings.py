"""[guestbook] in config.toml: what it says, and an error with its line for every wrong value."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from meishi.config import load_site_config
from meishi.config.guestbook import GuestbookSettings, Rate
from meishi.errors import ConfigError

Read = Callable[[str], GuestbookSettings]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read_settings(text: str) -> GuestbookSettings:
        (tmp_path / "config.toml").write_text(text, encoding="utf-8")
        return load_site_config(tmp_path).guestbook

    return read_settings


def test_the_guestbook_is_on_when_its_table_says_something(read: Read) -> None:
    assert not read("").enabled
    assert not read("[guestbook]\n").enabled
    assert read("[guestbook]\nenable = true\n").enabled
    assert read('[guestbook]\nmode = "open"\n').enabled
    assert not read('[guestbook]\nenable = false\nmode = "open"\n').enabled


def test_everything_is_read(read: Read) -> None:
    found = read("""
[guestbook]
server = "https://guestbook.example.com/"
owner = "Ichi"
mode = "hold-links"
slow = 10
openRooms = true
pages = true
words = ["casino", " "]
nameLength = 20
bodyLength = 300
keepDays = 365
keepHeldDays = 30
keepAddressDays = 0
origins = ["https://ichi.github.io", "http://localhost:8000"]
[[guestbook.rooms]]
slug = "Tea"
title = { en = "Tea room", JA = "茶室" }
mode = "open"
slow = 0
[[guestbook.rooms]]
slug = "lobby"
title = "Hall"
[guestbook.limits]
author = "3 per hour"
connections = 100
connectionsPerAddress = 5
[guestbook.notices]
about = "held"
mail = "me@example.com"
mailFrom = "guestbook@example.com"
feed = false
""")

    assert (found.server, found.mode, found.slow) == ("https://guestbook.example.com", "hold-links", 10)
    assert [room.slug for room in found.rooms] == ["lobby", "tea"]
    assert (found.rooms[1].title("ja"), found.rooms[1].title("fr"), found.rooms[0].title("fr")) == (
        "茶室", "", "Hall",
    )  # fmt: skip
    assert (found.rooms[1].mode, found.rooms[1].slow, found.rooms[0].slow) == ("open", 0, None)
    assert (found.open_rooms, found.pages, found.words) == (True, True, ("casino",))
    assert (found.name_length, found.body_length) == (20, 300)
    assert (found.keep_days, found.keep_held_days, found.keep_address_days) == (365, 30, 0)
    assert found.origins == ("https://ichi.github.io", "http://localhost:8000")
    assert found.limits.author == Rate(3, 3600)
    assert (found.limits.connections, found.limits.connections_per_address) == (100, 5)
    assert (found.notices.about, found.notices.mail, found.notices.feed) == ("held", "me@example.com", False)


def test_the_owners_names_are_kept_for_the_owner(read: Read) -> None:
    found = read("""title = "Ichi's page"
[params.author]
name = "Ichi Taro"
name_alt = "一太郎"
[languages.en]
[languages.ja]
title = "一のページ"
[languages.ja.params.author]
nickname = "いっちゃん"
[guestbook]
owner = "I"
""")

    assert found.owner == "I"
    assert set(found.reserved) == {
        "I", "Ichi Taro", "一太郎", "いっちゃん", "Ichi's page", "一のページ",
    }  # fmt: skip
    assert read('title = "T"\n[params]\nauthor = "Ann"\n[guestbook]\nenable = true').owner == "Ann"


def test_settings_can_be_sent_to_another_process(read: Read) -> None:
    found = read('[guestbook]\n[[guestbook.rooms]]\nslug = "tea"\ntitle = "Tea"\n')

    assert pickle.loads(pickle.dumps(found)) == found


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("guestbook = 1", "config.toml:1: guestbook must be a table"),
        ("mdoe = 'open'", "config.toml:2: mdoe is no setting of the guestbook. Did you mean mode?"),
        ("mode = 'shut'", "config.toml:2: mode must be one of open, hold-first"),
        ("mode = 1", "config.toml:2: guestbook.mode must be a text"),
        ("slow = -1", "config.toml:2: guestbook.slow must be at least 0"),
        ("bodyLength = 0", "config.toml:2: guestbook.bodyLength must be at least 1"),
        ("pages = 'yes'", "config.toml:2: guestbook.pages must be true or false"),
        ("words = 'x'", "config.toml:2: guestbook.words must be a list"),
        ("words = [1]", "config.toml:2: guestbook.words must be a list of texts"),
        ("server = 'example.com'", "config.toml:2: guestbook.server has no whole address"),
        ("server = 'https://a.b/?x'", "config.toml:2: guestbook.server has no whole address"),
        ("origins = ['https://a.b/path']", "config.toml:2: guestbook.origins has no whole address"),
        ("origins = ['*']", "config.toml:2: guestbook.origins has no whole address"),
        ("origins = ['https://a.b:x']", "config.toml:2: guestbook.origins has no whole address"),
        ("rooms = 'tea'", "config.toml:2: guestbook.rooms must be a list of tables"),
        ("rooms = ['tea']", "config.toml:2: guestbook.rooms must be a list of tables"),
        ("[[guestbook.rooms]]\nslug = 'a'\n[[guestbook.rooms]]\nslug = 'a b'", "config.toml:5: 'a b' is no"),
        ("[[guestbook.rooms]]\nslug = 'a'\n[[guestbook.rooms]]\nslug = 'A'", "config.toml:5: there are two"),
        ("[[guestbook.rooms]]\nslug = 'a'\ntitel = 'A'", "config.toml:4: titel is no setting"),
        ("[[guestbook.rooms]]\nslug = 'a'\ntitle = 1", "config.toml:4: title must be a text"),
        ("[[guestbook.rooms]]\nslug = 'a'\nslow = 'x'", "config.toml:4: guestbook.rooms[1].slow must be a"),
        ("[[guestbook.rooms]]\ntitle = 'A'", "config.toml:2: '' is no room's slug"),
        ("[guestbook.limits]\nauthor = 'many'", "config.toml:3: limits.author is no limit: 'many'"),
        ("[guestbook.limits]\nauthor = '0 per minute'", "config.toml:3: limits.author is no limit"),
        ("[guestbook.limits]\nvisitor = 'x'", "config.toml:3: visitor is no setting of the guestbook"),
        ("[guestbook.notices]\nabout = 'x'", "config.toml:3: about must be one of held, all, none"),
        ("[guestbook.notices]\nmail = 'a@b, c@d'", "config.toml:3: notices.mail is no mail address"),
    ],
)
def test_a_wrong_value_is_refused_with_its_line(read: Read, line: str, told: str) -> None:
    text = line if line.startswith("guestbook =") else f"[guestbook]\n{line}\n"
    with pytest.raises(ConfigError) as caught:
        read(text)

    assert told in str(caught.value)
