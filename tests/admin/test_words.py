"""The study speaks English and Japanese."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po
from visitors import Visitor

# The parts whose words are complete; the others still grow.
COMPLETE = set(
    "account backup bar base beside clash domain domain_check domain_records domain_use door editor"
    " editor_dialogs editor_more editor_pictures editor_words entrance history icons language media"
    " media_file media_uploads no_preview notices page_fields past problem publications publish"
    " publish_changes publish_compare publish_ended publish_gates publish_running publish_tabs"
    " publishing publishing_sides publishing_words scheme set_up setting settings settings_groups"
    " settings_tabs settings_text shortcuts sign_in toolbar welcome".split()
)
PLACE = re.compile(r"%\((\w+)\)\w")


@pytest.fixture(scope="module")
def japanese(project: Path) -> Catalog:
    with (project / "site/meishi/admin/translations/ja/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale="ja")


@pytest.fixture(scope="module")
def used(project: Path) -> dict[str, set[str]]:
    """Find what `pybabel extract` would find: each text with the files that use it."""
    pyproject = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    found: dict[str, set[str]] = {}
    for table in pyproject["tool"]["babel"]["mappings"]:
        folder, pattern = table["pattern"].split("/**", 1)
        rows = extract_from_dir(
            project / folder,
            [(f"**{pattern}", table["method"])],
            keywords={**DEFAULT_KEYWORDS, "lazy_gettext": None},
            directory_filter=lambda _path: True,
        )
        for file, _line, text, *_more in rows:
            found.setdefault(text[0] if isinstance(text, tuple) else text, set()).add(file)
    return found


def key(message: Message) -> str:
    return str(message.id[0] if isinstance(message.id, list | tuple) else message.id)


def test_every_word_of_the_study_is_there_in_japanese(japanese: Catalog, used: dict[str, set[str]]) -> None:
    known = {key(message) for message in japanese if message.string}

    missing = {text: files for text, files in used.items() if text not in known}
    assert {
        text: files for text, files in missing.items() if {Path(file).stem for file in files} & COMPLETE
    } == {}


def test_no_word_is_translated_that_nobody_uses(japanese: Catalog, used: dict[str, set[str]]) -> None:
    assert sorted({key(message) for message in japanese if message.id} - set(used)) == []


def test_translations_keep_their_values(japanese: Catalog) -> None:
    for message in japanese:
        if message.id:
            own = set(
                PLACE.findall(
                    " ".join(message.id) if isinstance(message.id, list | tuple) else str(message.id)
                )
            )
            texts = message.string if isinstance(message.string, list | tuple) else [message.string]
            for text in texts:
                assert set(PLACE.findall(str(text))) == own, message.id


@pytest.mark.parametrize(
    ("asked", "language", "word"),
    [
        ("ja", "ja", "パスワード"),
        ("ja-JP,en;q=0.5", "ja", "パスワード"),
        ("fr", "en", "Password"),
        ("", "en", "Password"),
    ],
)
def test_the_study_speaks_as_the_browser_asks(visitor: Visitor, asked: str, language: str, word: str) -> None:
    page = visitor.get("/admin/sign-in", headers={"Accept-Language": asked}).get_data(as_text=True)

    assert f'<html lang="{language}"' in page
    assert word in page


def test_the_owner_may_choose_another_language(owner: Visitor) -> None:
    response = owner.post("/admin/language", {"language": "ja", "next": "/admin/account/"})

    assert response.headers["Location"] == "/admin/account/"
    assert "アカウント" in owner.get("/admin/account/", headers={"Accept-Language": "en"}).get_data(
        as_text=True
    )


def test_no_language_is_taken_that_does_not_exist(owner: Visitor) -> None:
    response = owner.post("/admin/language", {"language": "../../etc"})

    assert [cookie for cookie in response.headers.getlist("Set-Cookie") if "language" in cookie] == []


def test_a_cookie_that_somebody_changed_does_no_harm(visitor: Visitor) -> None:
    visitor.client.set_cookie("meishi_language", "../xx")

    assert b'<html lang="en"' in visitor.get("/admin/sign-in").data
