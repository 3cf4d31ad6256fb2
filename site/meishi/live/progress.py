"""What a page that watches a publication is told, however it listens: the events of its journal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from meishi.publishing.journal import Event

#: Seconds between two looks at a journal.
LOOK = 0.25
#: Nobody listens longer than so many seconds without being let in anew.
LONGEST = 120.0
_SHOWN = ("stage", "kind", "text", "done", "total", "item")


def news(events: Iterable[Event]) -> Iterator[dict[str, Any]]:
    """Yield what is told of events; progress that newer progress overtakes is left out."""
    # A thousand files need no thousand messages.
    found = list(events)
    for event, following in zip_longest(found, found[1:]):
        if event.kind != "progress" or following is None or following.kind != "progress":
            yield _told(event)


def _told(event: Event) -> dict[str, Any]:
    values = {"stage": event.stage, "kind": event.kind, "text": event.text, **event.data}
    return {"number": event.number, **{name: values.get(name) for name in _SHOWN}}
