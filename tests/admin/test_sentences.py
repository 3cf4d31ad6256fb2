"""What the rooms below the study say reaches a Japanese owner in Japanese."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from sentence_finder import sentences as found_in
from visitors import Visitor

from meishi.admin.sentences import sentences

PLACE = re.compile(r"\{(\d*)(?::said)?\}")
#: Words that are values of the sentences above them in sentences.toml.
PARTS = {
    "published", "pushed", "panel", "address", "an empty part", "a table", "a list", "front matter",
}  # fmt: skip


@pytest.fixture(scope="module")
def written(project: Path) -> dict[str, str]:
    """Return all that is written in the sources, with its place."""
    return found_in(project / "site" / "meishi")


@pytest.fixture(scope="module")
def rooms(project: Path) -> dict[str, dict[str, str]]:
    file = project / "site/meishi/admin/translations/ja/sentences.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def known(rooms: dict[str, dict[str, str]]) -> dict[str, str]:
    return {text: said for words in rooms.values() for text, said in words.items()}


def test_many_sentences_are_found(written: dict[str, str]) -> None:
    assert len(written) > 350
    assert "there is no archetype {}" in written
    assert "the link to {} leads nowhere" in written
    assert "{} must be {}, not {}" in written


def test_every_sentence_has_its_japanese(written: dict[str, str], known: dict[str, str]) -> None:
    assert {text: place for text, place in written.items() if text not in known} == {}


def test_no_sentence_is_translated_that_nobody_says(
    written: dict[str, str], rooms: dict[str, dict[str, str]]
) -> None:
    of_rooms = {text for room, words in rooms.items() if room != "parts" for text in words}
    assert sorted(of_rooms - set(written) - PARTS) == []


def test_translations_keep_their_values(known: dict[str, str]) -> None:
    for text, said in known.items():
        places, values = PLACE.findall(said), text.count("{}")
        if any(places):
            assert sorted(int(place or 0) for place in places) == list(range(1, values + 1)), text
        else:
            assert len(places) == values, text


def filled(said: str, values: list[str]) -> str:
    following = iter(values)
    return PLACE.sub(lambda place: values[int(place[1]) - 1] if place[1] else next(following), said)


def test_every_sentence_is_recognised_with_its_values_in_it(known: dict[str, str]) -> None:
    japanese = sentences("ja")
    assert japanese is not None
    for text, said in known.items():
        if len(text.replace("{}", "").strip()) < 12 and "{}" in text:
            continue  # known together with what it is part of
        values = [f"v{number}" for number in range(text.count("{}"))]
        told = japanese.say(text.replace("{}", "%s") % tuple(values) if values else text)
        assert told == filled(said, values), text


@pytest.mark.parametrize(
    ("english", "japanese"),
    [
        (
            "params.accent must be a text in quotes, not 5",
            "params.accent は引用符で囲んだ文字列にしてください。今は 5 です",
        ),
        (
            "not valid YAML: did not find expected ',' or ']'",
            "YAML として正しくありません：必要な , か ] がありません",
        ),
        (
            "not valid TOML: Invalid value (at line 3, column 9)",
            "TOML として正しくありません：値の書き方が違います（3 行 9 文字目）",
        ),
        ("3 links or pictures lead nowhere", "3 個のリンクか画像の先がありません"),
        (
            "nothing is published yet. Publish first",
            "まだ何も公開していません。先に公開してください",
        ),
        ("git said something of its own", "git said something of its own"),
        ("this and that nobody knows", "this and that nobody knows"),
    ],
)
def test_sentences_in_sentences_are_said_too(english: str, japanese: str) -> None:
    known = sentences("ja")
    assert known is not None
    assert known.say(english) == japanese


def test_english_stays_as_it_is_written() -> None:
    assert sentences("en") is None


def test_the_study_says_them_where_they_are_met(owner: Visitor) -> None:
    owner.post("/admin/language", {"language": "ja", "next": "/admin/"})

    broken = owner.send("/admin/preview/about.md", {"text": "---\ntitle: [\n---\n"}).get_json()["error"]
    assert broken["message"].startswith("YAML として正しくありません")
    unknown = owner.send("/admin/preview/about.md", {"text": "{{< figur >}}\n"}).get_json()["error"]
    assert unknown["message"] == "ショートコード figur がわかりません"
    assert unknown["hint"].startswith("figure のことですか？ 自作のものは")
    assert "空の部分があります" in owner.get("/admin/edit/a//b.md").get_data(as_text=True)
    settings = {"text": "title = 5\n", "version": ""}
    assert "引用符で囲んだ文字列にしてください" in owner.post("/admin/settings/text", settings).get_data(
        as_text=True
    )
