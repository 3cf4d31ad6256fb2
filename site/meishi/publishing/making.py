"""Make the files of a build that have to be made."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from meishi.content.cache import DocumentCache
from meishi.errors import FreezeError, MeishiError
from meishi.publishing.addresses import files_of
from meishi.publishing.build import Build, BuildFailedError
from meishi.publishing.made import Made, copy
from meishi.publishing.manifest import Output
from meishi.publishing.plan import Ingredients, look_of
from meishi.publishing.progress import Progress
from meishi.publishing.sharing import make_files, render_shared
from meishi.publishing.spare import Twin
from meishi.publishing.stamp import HOME
from meishi.publishing.tree import Look, Spare, bring_up, folders_of, link, look_at

_IMAGES = "Processed images"
# Kinds of addresses that show no page's text.
_TEXTLESS = {"alias", "card", "cname", "nojekyll", "not_found", "robots", "sitemap", "sitemap_index", "vcard"}


def make(
    build: Build,
    known: Spare | None,
    documents: DocumentCache,
    settle: Callable[[], None],
    progress: Progress,
) -> None:
    """Make the files that changed, in a staging folder that holds all the others.

    `known` is what is in that folder; without it, the old build's manifest may know.
    """
    old, site = build.old, build.frozen.site
    wanted = set(build.files.values())
    keep: dict[str, Look] = {path: look_of(output) for path, output in build.keep.items()}
    spare_of = _kept_needs(build)
    keep |= {path: look_of(output) for path, output in spare_of.items()}
    if known is None and old is not None and not build.state.unsure and old.spare_folders:
        known = Spare(old.spare_folders, frozenset(old.spare_only) | old.outputs.keys())
    wanted |= spare_of.keys()
    build.copies.update(bring_up(build.staging, build.swap.destination, keep, wanted, known))
    copied = [address for address in build.dirty if _is_file(build.targets[address])]
    rendered = [address for address in build.dirty if not _is_file(build.targets[address])]
    progress.start(len(build.dirty))
    # Imports Flask: not before the worker processes are at work.
    from meishi.publishing.freezer import Renderer

    renderer = Renderer(build.frozen, build.staging, build.files)
    # Lists and feeds need all the texts: pages first, and beside them what needs none.
    pages, textless, others = _sorted(rendered, build.targets)

    def files() -> Iterator[Made]:
        for address in copied:
            try:
                yield copy(site, build.targets[address], build.files[address], build.staging)
            except MeishiError as error:
                renderer.errors.append(error)
        yield from renderer.render(textless)

    def make_ready(several: Iterator[Made]) -> None:
        for made in several:
            _keep_if_same(build, made)
            progress.made(made.address)

    make_ready(render_shared(renderer, pages, documents, build.ingredients, settle, files))
    if old is None and build.swap.beside is None and not build.swap.destination.exists():
        # The home page is going to be stamped, which makes another file of it.
        build.twin = Twin(build.swap, build.made.keys() - {HOME})
    make_ready(renderer.render(others))
    errors = renderer.errors + _make_needed(build, spare_of)
    if errors:
        raise BuildFailedError(errors)


def _sorted(addresses: list[str], targets: Mapping[str, Any]) -> tuple[list[str], list[str], list[str]]:
    pages: list[str] = []
    textless: list[str] = []
    others: list[str] = []
    for address in addresses:
        kind = targets[address].kind
        (pages if kind == "page" else textless if kind in _TEXTLESS else others).append(address)
    return pages, textless, others


def _is_file(target: Any) -> bool:
    return target.file is not None or target.row == _IMAGES


def _kept_needs(build: Build) -> dict[str, Output]:
    """Return the published files that pages asked for and that are no targets themselves."""
    if build.old is None:
        return {}
    found = {}
    for address, path in build.old.addresses.items():
        if address not in build.files and path not in build.state.damaged:
            output = build.old.output(path)
            if output is not None and output.row == _IMAGES and build.ingredients.same(output):
                found[path] = output
    return found


def _make_needed(build: Build, spare_of: dict[str, Output]) -> list[MeishiError]:
    """Make the files that pages ask for (smaller pictures), and remove those that none asks for."""
    needed = {address for output in build.keep.values() for address in output.pictures}
    needed |= {address for made in build.made.values() for address in made.needs}
    errors: list[MeishiError] = []
    asked = sorted(needed - build.files.keys())
    fresh = [build.frozen.site.made(address) for address in asked if address[1:] not in spare_of]
    make_files(build.frozen.site, [target for target in fresh if target is not None])
    for address in asked:
        files, wrong = files_of([address])
        errors += wrong
        path = files.get(address)
        if path is None:
            continue
        target = build.frozen.site.made(address)
        if target is None:
            errors.append(FreezeError(f"{address} is needed by a page, but cannot be made"))
            continue
        build.files[address] = path
        build.targets[address] = target
        if path in spare_of:
            build.keep[path] = spare_of.pop(path)
            continue
        try:
            _keep_if_same(build, copy(build.frozen.site, target, path, build.staging))
        except MeishiError as error:
            errors.append(error)
    for path in spare_of:
        (build.staging / path).unlink()
        folder = os.path.dirname(path)  # noqa: PTH120
        if folder and folder not in folders_of(build.files.values()):
            (build.staging / folder).rmdir()
    return errors


def _keep_if_same(build: Build, made: Made) -> None:
    """Take the published file where the new one has the same bytes, so that its times stay."""
    old = build.old_output(made.path)
    build.made[made.path] = made
    if old is not None and old.digest == made.digest and made.path not in build.state.damaged:
        link(str(build.swap.destination / made.path), str(build.staging / made.path))


def outputs_of(build: Build) -> dict[str, Output]:
    """Describe every file of the staging folder."""
    outputs: dict[str, Output] = {}
    positions = build.ingredients.positions
    base = str(build.staging) + os.sep
    for address, path in build.files.items():
        made = build.made.get(path)
        if made is None:
            outputs[path] = build.keep[path]
            if path not in build.copies:
                continue
        look = look_at(base + path)
        if look is None:
            raise FreezeError(f"{path} vanished while the site was built", hint="Build again.")
        if made is None:
            outputs[path] = outputs[path]._replace(size=look[0], mtime_ns=look[1], inode=look[2])
        else:
            target = build.targets[address]
            reads = tuple(positions.setdefault(name, len(positions)) for name in sorted(made.reads))
            outputs[path] = Output(
                target.row,
                target.language,
                made.digest,
                *look,
                reads,
                made.needs,
                made.notes,
                made.facts,
                target.source,
            )
    return _without_gone(build.ingredients, outputs)


def _without_gone(ingredients: Ingredients, outputs: dict[str, Output]) -> dict[str, Output]:
    """Forget ingredients that no output is made from, when they have become many."""
    used = set(itertools.chain.from_iterable(output.reads for output in outputs.values()))
    if len(used) * 5 > len(ingredients.positions) * 4:
        return outputs
    names = list(ingredients.positions)
    places = {position: place for place, position in enumerate(sorted(used))}
    ingredients.positions = {names[position]: place for position, place in places.items()}
    return {
        path: output._replace(reads=tuple(places[position] for position in output.reads))
        for path, output in outputs.items()
    }
