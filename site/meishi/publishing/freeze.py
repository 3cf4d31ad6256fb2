"""Freeze a site: make what changed, check it, and swap the old build for the new one."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from typing import NamedTuple

from meishi.publishing.build import Build, planned
from meishi.publishing.made import Made, note_of
from meishi.publishing.making import make, outputs_of
from meishi.publishing.manifest import Manifest, Note, Output
from meishi.publishing.options import FreezeOptions
from meishi.publishing.plan import FileDigests, Ingredients, common_digest, documents_for
from meishi.publishing.prefill import Prefill
from meishi.publishing.progress import Progress
from meishi.publishing.report import counts, table
from meishi.publishing.site import AppFactory, Request
from meishi.publishing.spare import SpareMaker
from meishi.publishing.stamp import stamp
from meishi.publishing.state import State
from meishi.publishing.swap import Swap, remove_tree
from meishi.publishing.tree import folders_of, times
from meishi.publishing.verifying import check_build


class FreezeReport(NamedTuple):
    """Say what a build did."""

    table: str
    rows: Mapping[str, Mapping[str, int]]
    made: int
    removed: int
    files: int
    warnings: tuple[Note, ...]


def freeze(
    options: FreezeOptions,
    app_factory: AppFactory,
    *,
    state: State,
    swap: Swap,
    now: float,
    progress: Progress,
) -> FreezeReport:
    """Build what changed since the published build, and publish it as a whole."""
    # The content stays until the end: looking for garbage in it costs a tenth of a rebuild, and rendering
    # leaves none that only the collector could find (tried: the same memory either way).
    was_on = gc.isenabled()
    gc.disable()
    try:
        return _freeze(options, app_factory, state=state, swap=swap, now=now, progress=progress)
    finally:
        if was_on:
            gc.enable()


def _freeze(
    options: FreezeOptions,
    app_factory: AppFactory,
    *,
    state: State,
    swap: Swap,
    now: float,
    progress: Progress,
) -> FreezeReport:
    stamps = state.sources.stamps
    documents = documents_for(options, state)
    digest = FileDigests(stamps, state.roots)
    prefill = Prefill(documents)
    spare = SpareMaker(state, swap)
    progress.step("read")
    try:
        frozen = app_factory(Request(options, documents, digest, now, prefill))
        common = common_digest(stamps, state.circumstances)
        ingredients = Ingredients(frozen.site, state.manifest, digest, stamps)
        build = planned(options.source, frozen, ingredients, state, swap, common)
        known = spare.result()
        swap.begin()
        try:
            make(build, known, documents, prefill.settle, progress)
            outputs = outputs_of(build)
            progress.step("check")
            check_build(build, outputs, tolerant=options.broken)
            stamp(build.staging, outputs)
            progress.step("swap")
            report = _publish(build, outputs, common)
        except BaseException:
            if build.twin is not None:
                build.twin.stop()
            swap.abandon()
            raise
        documents.save()
    finally:
        spare.stop()
        prefill.stop()
        documents.close()
    return report


def _publish(build: Build, outputs: dict[str, Output], common: str) -> FreezeReport:
    """Swap, and write down what was built."""
    old = build.old
    frozen, swap, state = build.frozen, build.swap, build.state
    removed = len(old.outputs.keys() - outputs.keys()) if old is not None else 0
    folders = folders_of(outputs)
    rows = counts(((output.row, output.language) for output in outputs.values()), frozen.languages, removed)
    own = {note for output in outputs.values() for note in output.warnings}
    general = tuple(note for note in map(note_of, frozen.site.warnings) if note not in own)
    spare_folders, spare_only = _next_spare(build, outputs)
    names = build.ingredients.positions
    manifest = Manifest(
        circumstances=state.circumstances,
        valid_until=frozen.valid_until,
        stamps=state.sources.stamps,
        common=common,
        ingredients=tuple((name, build.ingredients.digest(name)) for name in names),
        states=build.ingredients.states(),
        outputs=dict(outputs),
        addresses=build.files,
        folders=times(build.staging, folders),
        spare_folders=spare_folders,
        spare_only=spare_only,
        warnings=general,
        table=table({**rows, "Cleaned": dict.fromkeys(rows["Cleaned"], 0)}),
        rows={**rows, "Cleaned": dict.fromkeys(rows["Cleaned"], 0)},
    )
    foreign = swap.destination.exists() and not swap.record.exists()
    swap.commit(manifest.encode())
    if foreign:
        remove_tree(swap.staging)
    warnings = tuple(dict.fromkeys(manifest.notes()))
    changed = sum(1 for path, made in build.made.items() if _is_new(old, path, made))
    return FreezeReport(table(rows), rows, changed, removed, len(outputs), warnings)


def _is_new(old: Manifest | None, path: str, made: Made) -> bool:
    fields = old.outputs.get(path) if old is not None else None
    return fields is None or fields[2] != made.digest


def _next_spare(build: Build, outputs: Mapping[str, Output]) -> tuple[dict[str, int], tuple[str, ...]]:
    """Say what the spare of the next build will hold."""
    if build.twin is not None:
        return build.twin.finish(outputs), ()
    if build.swap.beside is not None or build.old is None:
        return {}, ()  # nobody knows what is in it: the next build looks
    return dict(build.old.folders), tuple(sorted(build.old.outputs.keys() - outputs.keys()))
