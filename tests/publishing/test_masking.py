"""Secrets are masked in whatever form they come."""

from __future__ import annotations

import base64
import json

import pytest

from meishi.publishing.masking import HIDDEN, Mask

TOKEN = 'p4ss/"word'
MASK = Mask.of_environment({"GITHUB_TOKEN": TOKEN, "DB_PASSWORD": "another-one", "PATH": "/usr/bin"})


@pytest.mark.parametrize(
    "text",
    [
        f"fatal: {TOKEN} is wrong",
        json.dumps({"text": TOKEN}),
        "https://p4ss%2F%22word@example.com/",
        "Authorization: basic " + base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode(),
        base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode(),
        "fatal: unable to access 'https://ichi:" + TOKEN + "@example.com/web.git/'",
    ],
)
def test_a_token_of_the_environment_is_hidden(text: str) -> None:
    shown = MASK(text)

    assert HIDDEN in shown
    assert not any(form in shown for form in (TOKEN, "p4ss", base64.b64encode(TOKEN.encode()).decode()))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://ichi:secret@github.com/ichi/web", f"https://{HIDDEN}@github.com/ichi/web"),
        ("token ghp_abcdefghijklmnopqrstuvwxyz012345 refused", f"token {HIDDEN} refused"),
        ("github_pat_11ABCDEFG0abcdefghijkl_mnop", HIDDEN),
        ("Authorization: Bearer abc.def", f"Authorization: Bearer {HIDDEN}"),
    ],
)
def test_what_looks_like_a_secret_is_hidden_wherever_it_comes_from(text: str, shown: str) -> None:
    assert Mask()(text) == shown


@pytest.mark.parametrize("text", ["ssh://git@github.com/ichi/web.git", "git@github.com:ichi/web", "/usr/bin"])
def test_what_is_no_secret_stays(text: str) -> None:
    assert MASK(text) == text
