"""How each page stands: seen by visitors or not, from when, until when, and as published or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from meishi.admin.page_families import Member
from meishi.admin.published import Baseline, Change
from meishi.content.library import Library
from meishi.content.models import Page

Standing = Literal["live", "draft", "scheduled", "expired", "off", "broken"]


@dataclass(frozen=True, slots=True)
class State:
    """One page's state; `until` is when it changes by itself, or when it ended."""

    standing: Standing
    until: datetime | None = None
    change: Change = ""


def state_of(member: Member, library: Library, baseline: Baseline | None, now: datetime) -> State:
    """Say how a page stands at this moment."""
    page = member.page
    if page is None or member.error is not None:
        return State("broken")
    standing, until = _standing(page, now)
    change: Change = ""
    if baseline is not None and (standing == "live" or baseline.has(page)):
        change = baseline.change(page, library.sources.files)
        if standing != "live":
            change = "leaves" if standing != "off" else ""
    return State(standing, until, change)


def _standing(page: Page, now: datetime) -> tuple[Standing, datetime | None]:
    starts = page.publish_date or page.date
    if page.draft:
        return "draft", None
    if page.expiry_date is not None and page.expiry_date <= now:
        return "expired", page.expiry_date
    if starts is not None and starts > now:
        return "scheduled", starts
    if not page.rendered:
        return "off", None
    return "live", page.expiry_date
