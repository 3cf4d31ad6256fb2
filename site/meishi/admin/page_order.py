"""The order of the card's panels: as few new weights as an order needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from meishi.admin.page_families import Families, Family
from meishi.content.library import Library
from meishi.content.models import Page, sort_key
from meishi.errors import ContentError

#: The distance between weights where there is room.
STEP = 10


@dataclass(frozen=True, slots=True)
class Place:
    """A panel's weight (0 is none, and comes last), and how those without weight are ordered."""

    weight: int
    rank: tuple[Any, ...] = ()
    movable: bool = True


@dataclass(frozen=True, slots=True)
class Change:
    """A page that needs another weight."""

    path: str
    weight: int


class NoRoomError(ContentError):
    """Report that an order cannot be had, because another setting decides a panel's place."""


def new_weights(places: Sequence[Place]) -> list[int]:
    """Return the weight of each place, so that they come in this order, with as few changes as can be.

    Those at the end may stay without weight, if they come in this order anyway.
    """
    end = len(places)
    while end and places[end - 1].weight == 0 and _follows(places, end):
        end -= 1
    kept = _kept(places[:end])
    weights = [place.weight for place in places]
    for before, after in zip((-1, *kept), (*kept, end), strict=True):
        count = after - before - 1
        low = weights[before] if before >= 0 else 0
        if after == end:
            fresh = [low + STEP * number for number in range(1, count + 1)]
        else:
            gap = weights[after] - low
            fresh = [low + gap * number // (count + 1) for number in range(1, count + 1)]
        weights[before + 1 : after] = fresh
    return weights


def _follows(places: Sequence[Place], end: int) -> bool:
    return end == len(places) or places[end - 1].rank <= places[end].rank


def _kept(places: Sequence[Place]) -> tuple[int, ...]:
    """Choose the longest run of places that can keep their weights: room for all between them is left."""
    # Kept weights must grow by one at least for each place: weight minus index never falls.
    best: list[tuple[int, int | None] | None] = []
    fixed = [number for number, place in enumerate(places) if not place.movable]
    for number, place in enumerate(places):
        found: tuple[int, int | None] | None = None
        if place.weight and place.weight - number >= 1 and all(one >= number for one in fixed[:1]):
            found = (1, None)
        for other in range(number):
            earlier = best[other]
            skipped = any(other < one < number for one in fixed)
            fits = place.weight and places[other].weight - other <= place.weight - number
            if earlier and fits and not skipped and (found is None or earlier[0] + 1 > found[0]):
                found = (earlier[0] + 1, other)
        best.append(found)
    last = fixed[-1] if fixed else -1
    ends = [(found[0], number) for number, found in enumerate(best) if found and number >= last]
    if not ends:
        if fixed:
            raise NoRoomError("something else decides the place of one of these panels")
        return ()
    chain: list[int] = []
    at: int | None = max(ends)[1]
    while at is not None:
        chain.append(at)
        found = best[at]
        at = found[1] if found else None
    return tuple(reversed(chain))


def changes_for(library: Library, families: Families, wanted: Sequence[str]) -> list[Change]:
    """List the weights to write so that the panels come in the wanted order, in every language.

    `wanted` names panels by path; those that it leaves out keep their place behind what they followed.
    """
    ordered = _completed(families, wanted)
    default = library.config.default_language
    codes = [default, *(one.code for one in library.config.languages if one.code != default)]
    weights: dict[Family, int] = {}
    found: list[Change] = []
    for code in codes:
        here = list(_places(library, code, ordered, weights))
        if [one[0] for one in sorted(here, key=lambda one: one[2])] == [one[0] for one in here]:
            new = [place.weight for _, place, _ in here]
        else:
            new = _weights_of(here, code == default)
        for (family, place, _), weight in zip(here, new, strict=True):
            if code == default:
                weights[family] = weight
            member = family.member(code)
            if member is not None and weight != place.weight:
                found.append(Change(member.path, weight))
    return found


def _completed(families: Families, wanted: Sequence[str]) -> list[Family]:
    panels = [family for family in families.card.families if family.is_panel]
    named = [families.by_path[path] for path in dict.fromkeys(wanted) if path in families.by_path]
    ordered = [family for family in named if family in panels]
    for number, family in enumerate(panels):
        if family not in ordered:
            ordered.insert(ordered.index(panels[number - 1]) + 1 if number else 0, family)
    return ordered


_Here = tuple[Family, Place, tuple[Any, ...]]


def _places(
    library: Library, code: str, ordered: Sequence[Family], default_weights: Mapping[Family, int]
) -> Iterator[_Here]:
    """Yield the panels that a language's menu shows; one without translation stands there as it is."""
    menu = {entry.page.path: entry.page for entry in library.editions[code].menu}
    for family in ordered:
        member = family.member(code)
        if member is not None and member.page is not None:
            page: Page = menu.get(member.path, member.page)
            place = Place(page.weight, sort_key(page)[2:], page.weight == member.page.weight)
            yield family, place, sort_key(page)
        elif member is None and family in default_weights and family.page and family.page.path in menu:
            page = family.page
            weight = default_weights[family]
            rank = (weight == 0, weight, *sort_key(page)[2:])
            yield family, Place(weight, sort_key(page)[2:], False), rank


def _weights_of(here: Sequence[_Here], is_default: bool) -> list[int]:
    try:
        return new_weights([place for _, place, _ in here])
    except NoRoomError as error:
        if not is_default:
            # What is only borrowed here gives way: in its own language the order is right.
            free = iter(new_weights([place for _, place, _ in here if place.movable]))
            return [next(free) if place.movable else place.weight for _, place, _ in here]
        titles = ", ".join(family.title for family, place, _ in here if not place.movable)
        error.message = f"the place of {titles} in the menu is decided elsewhere"
        error.hint = "Look at [[menus.main]] in config.toml and `menus` in the page's front matter"
        raise
