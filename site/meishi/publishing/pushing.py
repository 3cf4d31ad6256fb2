"""Publish by pushing what was written: CI builds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meishi.publishing.journal import Outcome

if TYPE_CHECKING:
    from meishi.publishing.publish import Publisher


def publish_by_push(publisher: Publisher) -> Outcome:
    """Commit the content, push the branch, and wait until CI has published the build."""
    raise NotImplementedError
