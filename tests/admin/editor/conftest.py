"""A site to edit, and the editor opened on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from desk_of_the_owner import FILES, Editor, OpenEditor
from flask import Flask
from visitors import Clock

from meishi.factory import create_app

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def site(make_site: Callable[..., Path]) -> Path:
    return make_site(FILES)


@pytest.fixture
def new_app(site: Path, clock: Clock) -> Flask:
    return create_app(site, now=clock, reload=False)


@pytest.fixture
def edit(study_address: str, new_page: Callable[..., Page], width: int) -> OpenEditor:
    def open_editor(name: str = "about.md", **options: object) -> Editor:
        page = new_page(viewport={"width": width, "height": 860}, **options)
        return Editor(page, study_address).sign_in(f"/admin/edit/{name}")

    return open_editor


@pytest.fixture
def wide(study_address: str, new_page: Callable[..., Page]) -> OpenEditor:
    def open_editor(name: str = "about.md", **options: object) -> Editor:
        page = new_page(viewport={"width": 1440, "height": 860}, **options)
        return Editor(page, study_address).sign_in(f"/admin/edit/{name}")

    return open_editor
