"""Outcomes in the visitor's language."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from meishi.guestbook.models import Outcome
from meishi.guestbook.texts import TextError
from meishi.guestbook.words import told


def refused(
    code: str,
    language: str,
    *,
    word: str = "",
    wait: float | None = None,
    field: str = "",
    most: int = 0,
    ticket: str = "",
    challenge: Mapping[str, Any] | None = None,
) -> Outcome:
    """Return a refusal; `word` is what the visitor is told, where it is more exact than the code."""
    message = told(word or code, language, wait=wait or 0, most=most)
    seconds = math.ceil(wait) if wait else None
    return Outcome(
        ok=False, code=code, message=message, wait=seconds, field=field, ticket=ticket, challenge=challenge
    )  # fmt: skip


def refused_text(error: TextError, language: str, most: int) -> Outcome:
    """Return the refusal of a field."""
    words = {
        ("empty", "name"): "empty_name",
        ("empty", "body"): "empty_body",
        ("too_long", "link"): "too_long_link",
        ("bad_request", "link"): "bad_link",
    }
    word = words.get((error.code, error.field), error.code)
    return refused(error.code, language, word=word, field=error.field, most=most)
