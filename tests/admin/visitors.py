"""Who comes to the study in tests, and the clock by which they do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from meishi.admin.study import Study

PASSWORD = "kinou no ame wa tsumetai"


@dataclass
class Clock:
    """A clock that stands still until a test moves it."""

    moment: datetime = field(default_factory=lambda: datetime(2026, 11, 22, 9, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.moment

    def pass_seconds(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


class Visitor:
    """A browser without a window: it keeps cookies and knows the token of its page."""

    def __init__(self, app: Flask, address: str = "203.0.113.7", base: str = "http://localhost/") -> None:
        self.client: FlaskClient = app.test_client()
        self._environ = {"REMOTE_ADDR": address}
        self._base = base

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(
            path, environ_overrides=self._environ, base_url=self._base, buffered=True, **more
        )

    @property
    def token(self) -> str:
        page = self.get("/admin/sign-in", follow_redirects=True).get_data(as_text=True)
        return page.split('name="csrf-token" content="')[1].split('"')[0]

    def post(self, path: str, data: dict[str, str] | None = None, **more: Any) -> TestResponse:
        """Send a form, with the token."""
        fields = {"csrf_token": self.token, **(data or {})}
        return self.client.post(
            path, data=fields, environ_overrides=self._environ, base_url=self._base, buffered=True, **more
        )

    def send(self, path: str, json: object, method: str = "POST") -> TestResponse:
        """Send what a script would send, with the token."""
        headers = {"X-CSRF-Token": self.token, "Accept": "application/json"}
        return self.client.open(
            path,
            method=method,
            json=json,
            headers=headers,
            environ_overrides=self._environ,
            base_url=self._base,
        )

    def sign_in(self, password: str = PASSWORD) -> TestResponse:
        return self.post("/admin/sign-in", {"password": password})

    @property
    def is_in(self) -> bool:
        return self.get("/admin/account/").status_code == 200


def study_of(app: Flask) -> Study:
    found = app.extensions["study"]
    assert isinstance(found, Study)
    return found
