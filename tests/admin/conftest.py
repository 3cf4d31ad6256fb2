"""What the study's tests share: a small site, its owner, a browser that is signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from publish_site import PublishSite, ended, make_publish_site
from visitors import PASSWORD, Clock, Visitor, study_of

from meishi.admin.study import Study
from meishi.factory import create_app

if TYPE_CHECKING:
    from playwright.sync_api import Page

MakeSite = Callable[..., Path]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def new_app(make_site: MakeSite, clock: Clock) -> Flask:
    """Make the app of a site that nobody has set up."""
    return create_app(make_site(), now=clock, reload=False)


@pytest.fixture
def study_app(new_app: Flask) -> Flask:
    """Make the app of a site that has an owner."""
    study_of(new_app).owner.set_password(PASSWORD)
    return new_app


@pytest.fixture
def publish_site(
    make_site: MakeSite,
    served: Callable[..., str],
    need: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> PublishSite:
    """Make a site in a checkout whose remote is shown by a server like GitHub Pages."""
    need("git")
    return make_publish_site(make_site, served, monkeypatch, tmp_path)


@pytest.fixture
def publish_app(publish_site: PublishSite) -> Iterator[Flask]:
    """Make the app of that site; what still runs at the end is stopped."""
    app = create_app(publish_site.root, reload=False)
    study_of(app).owner.set_password(PASSWORD)
    yield app
    jobs = study_of(app).jobs
    if running := jobs.current():
        jobs.cancel(running)
        ended(app, running)


@pytest.fixture
def study(study_app: Flask) -> Study:
    return study_of(study_app)


@pytest.fixture
def visitor(study_app: Flask) -> Visitor:
    """Come to the door as a stranger."""
    return Visitor(study_app)


@pytest.fixture
def owner(study_app: Flask) -> Visitor:
    """Come in as the owner."""
    found = Visitor(study_app)
    assert found.sign_in().status_code == 303
    return found


@pytest.fixture(params=[1440, 390], ids=["desktop", "phone"])
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def study_address(study_app: Flask, served: Callable[..., str]) -> str:
    """Serve the site with its study; passkeys need the name localhost."""
    return served(study_app).replace("127.0.0.1", "localhost").rstrip("/")


@pytest.fixture
def owner_page(study_address: str, new_page: Callable[..., Page]) -> Callable[..., Page]:
    """Open a page of the study in Chromium, signed in: `owner_page("/admin/", width=390)`."""

    def open_page(path: str = "/admin/", *, width: int = 1440, **options: Any) -> Page:
        page = new_page(viewport={"width": width, "height": 860}, **options)
        page.goto(f"{study_address}/admin/sign-in?next={path}")
        page.locator("#password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{study_address}{path}")
        return page

    return open_page
