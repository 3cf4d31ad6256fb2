"""The guestbook's pages that answer a form: for the live server, and for visitors without JavaScript."""

from __future__ import annotations

from collections.abc import Mapping

from meishi.guestbook.entries import Record
from meishi.web.guestbook import FormState
from meishi.web.public import PublicSite


def form_page(
    site: PublicSite, room: str, language: str, *, values: Mapping[str, str], error: str, field: str = ""
) -> bytes:
    """Return a room's page with the form filled in again, and what is wrong said beside it."""
    target = site.room_target(room, _language(site, language))
    assert target is not None, f"there is no room {room}"
    return site.form_page(target, _state(values, error, field)).body


def mine_page(
    site: PublicSite, language: str, *, record: Record, values: Mapping[str, str], error: str = "",
    field: str = "", done: str = "",
) -> bytes:  # fmt: skip
    """Return the page behind the private link to an entry: its state, and forms to edit and to erase it.

    `done` says what has just been done: "edited" or "erased".
    """
    state = _state(values, error, field, f"guestbook_done_{done}" if done else "")
    return site.mine_page(_language(site, language), record.room, record.entry, record.state, state).body


def _state(values: Mapping[str, str], error: str, field: str, notice: str = "") -> FormState:
    names = ("name", "body", "link", "id", "ticket")
    return FormState(
        **{name: values.get(name, "") for name in names}, problem=error, field=field, notice=notice
    )


def _language(site: PublicSite, language: str) -> str:
    editions = site.library.editions
    return language if language in editions else site.library.config.default_language
