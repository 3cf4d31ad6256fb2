"""`flask owner` sets or resets the password at the server."""

from __future__ import annotations

import pytest
from flask import Flask
from visitors import PASSWORD, Visitor, study_of

FRESH = "an entirely different sentence"


def test_it_sets_the_first_password(new_app: Flask) -> None:
    result = new_app.test_cli_runner().invoke(args=["owner"], input=f"{PASSWORD}\n")

    assert (result.exit_code, result.output) == (0, "The password is set. Sign in at /admin/.\n")
    assert Visitor(new_app).sign_in().status_code == 303
    assert study_of(new_app).invitation.token() is None


def test_it_resets_a_forgotten_one_and_signs_every_browser_out(study_app: Flask, owner: Visitor) -> None:
    result = study_app.test_cli_runner().invoke(args=["owner"], input=f"{FRESH}\n")

    assert "Signed out 1 browser.\n" in result.output
    assert not owner.is_in
    assert owner.sign_in(FRESH).status_code == 303


def test_it_ends_every_wait(study_app: Flask, visitor: Visitor) -> None:
    for _ in range(5):
        visitor.sign_in("wrong")
    assert visitor.sign_in().status_code == 429
    study_app.test_cli_runner().invoke(args=["owner"], input=f"{FRESH}\n")

    assert visitor.sign_in(FRESH).status_code == 303


@pytest.mark.parametrize("weak", ["short", "password1234", ""])
def test_it_refuses_weak_passwords_in_one_line(study_app: Flask, weak: str) -> None:
    result = study_app.test_cli_runner().invoke(args=["owner"], input=f"{weak}\n")

    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert result.output.count("\n") == 1
    assert study_of(study_app).owner.knows(PASSWORD)
