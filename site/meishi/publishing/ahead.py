"""Use two cores from the first moment: one looks at the sources and reads them, one imports what builds.

Only where a build is sure to follow: the first one of a site, or one from scratch.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import NamedTuple

from meishi.errors import MeishiError
from meishi.publishing.forking import Fork
from meishi.publishing.options import FreezeOptions
from meishi.publishing.plan import FileDigests, documents_for
from meishi.publishing.site import Request
from meishi.publishing.sources import Sources, scan
from meishi.publishing.state import State, roots_of


class Ahead(NamedTuple):
    """Name what can be done before it is known what has to be built."""

    #: Import what makes the app and renders its pages.
    imports: Callable[[], None]
    #: Read the content, so that the cache of a request knows it.
    read: Callable[[Request], object]


# A large root, of which nothing is needed to read the content: so both cores are done at about the same time.
_LATER = "product/static"


def look_ahead(look: Callable[..., State], options: FreezeOptions, now: float, ahead: Ahead) -> State:
    """Look at the sources and read them in a copy of this process, and import meanwhile."""

    def scout() -> State:
        gc.disable()  # for the reason that freeze() has
        state = look(without=(_LATER,))
        _read(options, state, now, ahead)
        return state

    fork = Fork(scout)
    try:
        ahead.imports()
        later = scan((root for root in roots_of(options) if root.name == _LATER), {})
        state: State = fork.result()
    finally:
        fork.stop()
    seen = state.sources
    return state._replace(sources=Sources(seen.stamps | later.stamps, seen.reread + later.reread))


def _read(options: FreezeOptions, state: State, now: float, ahead: Ahead) -> None:
    documents = documents_for(options, state)
    try:
        digest = FileDigests(state.sources.stamps, state.roots)
        ahead.read(Request(options, documents, digest, now, lambda _keys, _job: None))
        documents.save_pages()
    except MeishiError:
        pass  # the build meets it again, and tells
    finally:
        documents.close()
