"""Render pages in several processes, where that is quicker."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from meishi.content.cache import DocumentCache
from meishi.errors import MeishiError
from meishi.publishing.forking import Fork, Pieces, can_fork
from meishi.publishing.made import Made
from meishi.publishing.plan import Ingredients
from meishi.publishing.site import Site
from meishi.publishing.workers import usable_cores

if TYPE_CHECKING:
    from meishi.publishing.freezer import Renderer

# Below this many pages one process is done before a second one has begun.
_WORTHWHILE = 60
_PIECE = 50  # at most: as many as a renderer takes together
# A copy writes its documents and hands over what it made, which takes it as long as this part of the pages.
_HANDING_OVER = 1 / 25
_MANY_FILES = 4
_MOST = 4


class _Result(NamedTuple):
    """Say what a copy did, and which documents it rendered: those in the cache's file, and the others."""

    made: list[Made]
    errors: list[MeishiError]
    digests: dict[str, str]
    pages: bool
    stored: list[str]
    rendered: dict[str, bytes]


def render_shared(
    renderer: Renderer,
    addresses: Sequence[str],
    documents: DocumentCache,
    ingredients: Ingredients,
    settle: Callable[[], None],
    errand: Callable[[], Iterator[Made]],
) -> Iterator[Made]:
    """Render pages and do an errand, in copies of this process too if there are many pages.

    `settle` is called before this process is copied: nothing else may be under way then. `errand` makes files
    that no page has a part in.
    """
    copies = min(usable_cores(), _MOST) - 1
    if len(addresses) < _WORTHWHILE or copies < 1 or not can_fork():
        yield from renderer.render(addresses)
        yield from errand()
        return
    settle()
    # Some pieces for each, so that all come to an end together.
    pieces = Pieces(len(addresses), max(1, min(_PIECE, len(addresses) // (3 * copies + 3))))
    forks: list[Fork] = []

    def work(first: bool) -> _Result:
        documents.after_fork()
        known = set(documents.fresh())
        # What only one can do comes first: with the pages, all come to an end at the same time.
        saved = first and documents.save_pages()
        made = list(errand()) if first else []
        made += _render_pieces(renderer, addresses, pieces.but_last(round(len(addresses) * _HANDING_OVER)))
        digests = {name: ingredients.digest(name) for one in made for name in one.reads}
        return _Result(made, renderer.errors, digests, saved, *documents.hand_over(known))

    try:
        forks += [Fork(functools.partial(work, number == 0)) for number in range(copies)]
        yield from _render_pieces(renderer, addresses, pieces)
        for fork in forks:
            result: _Result = fork.result()
            documents.learn(result.stored, pages=result.pages)
            documents.add(result.rendered)
            ingredients.learn(result.digests)
            renderer.errors += result.errors
            yield from result.made
    finally:
        for fork in forks:
            fork.stop()


def make_files(site: Site, targets: Sequence[Any]) -> None:
    """Have files made (smaller pictures) by all cores; who asks for them next finds them in the cache."""
    copies = min(usable_cores(), len(targets)) - 1
    if len(targets) < _MANY_FILES or copies < 1 or not can_fork():
        return
    pieces = Pieces(len(targets), 1)

    def work() -> None:
        for piece in pieces:
            for target in targets[piece]:
                with contextlib.suppress(MeishiError):  # reported where the file is needed
                    site.file(target)

    forks = [Fork(work) for _ in range(copies)]
    try:
        work()
        for fork in forks:
            fork.result()
    finally:
        for fork in forks:
            fork.stop()


def _render_pieces(renderer: Renderer, addresses: Sequence[str], pieces: Iterable[slice]) -> Iterator[Made]:
    for piece in pieces:
        yield from renderer.render(addresses[piece])
