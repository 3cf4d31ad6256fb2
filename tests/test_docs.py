"""The documentation names every setting and field that the code reads, and no others."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from meishi.cli import register_commands
from meishi.config import load_site_config
from meishi.config.languages import LANGUAGE_KEYS
from meishi.config.site import KEYS, KINDS
from meishi.config.values import Reader
from meishi.content.pages import FIELDS

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
_ROW = re.compile(r"^\| `([^`]+)` \|", re.MULTILINE)
_PARAM = re.compile(
    r"""(?<!home\.)(?<!page\.)(?<!context\.)\bparams\.get\(["'](\w+)"""
    r"""|_checked\(config, "(\w+)"|site\.params\.(\w+)"""
)
_PAGE_PARAM = re.compile(r"""(?:page|home)\.params\.get\(["'](\w+)""")


def documented(name: str) -> set[str]:
    return set(_ROW.findall((DOCS / name).read_text(encoding="utf-8")))


def theme_sources() -> str:
    files = [*(ROOT / "site/meishi/web").rglob("*.py"), *(ROOT / "templates").rglob("*.html")]
    return "\n".join(file.read_text(encoding="utf-8") for file in sorted(files))


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return every key that the code asks for while it reads settings, the empty ones too."""
    found: set[str] = set()
    typed, anything = Reader._typed, Reader.any

    def note(reader: Reader, keys: tuple[str, ...]) -> None:
        found.update(f"{reader._prefix}{key}" for key in keys)

    def noting_typed(self: Reader, kind: type, what: str, example: str, keys: tuple[str, ...]) -> object:
        note(self, keys)
        return typed(self, kind, what, example, keys)

    def noting_any(self: Reader, *keys: str) -> object:
        note(self, keys)
        return anything(self, *keys)

    monkeypatch.setattr(Reader, "_typed", noting_typed)
    monkeypatch.setattr(Reader, "any", noting_any)
    (tmp_path / "config.toml").write_text("[languages.en]\n", encoding="utf-8")
    load_site_config(tmp_path)
    return found


def is_table(key: str, keys: set[str]) -> bool:
    return any(other.startswith(f"{key}.") for other in keys)


def test_every_setting_that_is_read_is_documented(asked: set[str]) -> None:
    keys = {key.replace("languages.en", "languages.xx") for key in asked}
    # Tables of which only the values below them are settings.
    keys -= {key for key in keys if is_table(key, keys)} | {
        "languages.xx.params.social",
        "languages.xx.params.author",
    }

    assert sorted(keys - documented("configuration.md")) == []


def test_every_parameter_that_the_theme_reads_is_documented() -> None:
    read = {f"params.{next(filter(None, names))}" for names in _PARAM.findall(theme_sources())}

    assert len(read) > 8
    assert sorted(read - documented("configuration.md")) == []


def test_no_setting_is_documented_that_nothing_reads(asked: set[str]) -> None:
    read = {key.replace("languages.en", "languages.xx") for key in asked} | set(KEYS)
    read |= {f"params.{next(filter(None, names))}" for names in _PARAM.findall(theme_sources())}

    assert sorted(documented("configuration.md") - read) == []


def test_the_list_of_keys_is_what_is_read(asked: set[str]) -> None:
    top = {key.split(".")[0] for key in asked}
    elsewhere = {"admin", "author"}  # read by the study and the theme

    assert top | elsewhere == set(KEYS)
    in_language = {key.split(".")[2] for key in asked if key.startswith("languages.en.")}
    assert in_language == set(LANGUAGE_KEYS)


def test_every_kind_that_can_be_left_out_is_documented() -> None:
    text = (DOCS / "configuration.md").read_text(encoding="utf-8").lower()

    assert [kind for kind in KINDS if f"`{kind}`" not in text] == []


def test_every_field_of_front_matter_is_documented_and_no_other() -> None:
    names = {name for names in FIELDS.values() for name in names}
    names |= set(_PAGE_PARAM.findall(theme_sources()))

    written = {name for name in documented("front-matter.md") if "." not in name and not name.endswith(".md")}
    assert written == names


def test_every_command_is_documented_and_has_examples(tmp_path: Path) -> None:
    app = Flask("meishi")
    register_commands(app, tmp_path, ROOT, lambda: pytest.fail("no clock is needed for help"))
    text = (DOCS / "commands.md").read_text(encoding="utf-8")

    for name, command in app.cli.commands.items():
        if command.callback and command.callback.__module__.startswith("meishi"):
            assert f"`flask {name}" in text
            assert f"flask {name} " in (command.help or "").partition("Examples:")[2]


@pytest.mark.parametrize("file", sorted(DOCS.glob("*.md")), ids=lambda file: file.name)
def test_links_between_documents_lead_somewhere(file: Path) -> None:
    text = re.sub(r"^(`{3,}).*?^\1", "", file.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", re.sub(r"`[^`\n]*`", "", text))

    assert [link for link in links if not (file.parent / link).exists()] == []


def test_the_examples_of_settings_are_valid(tmp_path: Path) -> None:
    blocks = re.findall(
        r"^```toml\n(.*?)^```",
        (DOCS / "configuration.md").read_text(encoding="utf-8"),
        re.DOTALL | re.MULTILINE,
    )

    assert len(blocks) >= 3
    for block in blocks:
        (tmp_path / "config.toml").write_text(block, encoding="utf-8")
        load_site_config(tmp_path)
