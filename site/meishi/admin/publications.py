"""The publications so far: what each changed, any of them to look at, and the way back to it."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from meishi.admin.authorship import owner_of
from meishi.admin.exhibits import Exhibit
from meishi.admin.publishing_changes import shelves
from meishi.admin.study import Study
from meishi.config import load_site_config
from meishi.errors import PublishError
from meishi.publishing.difference import Change
from meishi.publishing.history import History, history_of
from meishi.publishing.job import PublishOptions
from meishi.publishing.pages_tree import CommitTree, Tree
from meishi.publishing.publication import Publication
from meishi.publishing.restoring import way_back

#: So many publications stand on one page.
PAGE = 50
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".ico", ".bmp")
_COMMIT = re.compile(r"[0-9a-f]{7,64}")


class PastTrees:
    """Keep a few publications with the lists of their files: a page asks for a dozen of them at once."""

    def __init__(self, root: Path, most: int = 8) -> None:
        self._root = root
        self._most = most
        self._known: dict[str, CommitTree] = {}

    def known(self, commit: str) -> Tree | None:
        """Return the files of a publication that was asked for before, by its whole id."""
        return self._known.get(commit)

    def of(self, publication: Publication) -> Tree:
        """Return the files of a publication."""
        tree = self._known.pop(publication.id, None)
        tree = tree or CommitTree(self._root, publication.id, publication.when)
        self._known[publication.id] = tree
        for old in list(self._known)[: -self._most]:
            self._known.pop(old, None)
        return tree


def register(blueprint: Blueprint, study: Study, trees: PastTrees) -> None:
    """Add the list of publications, their pages, and the way back."""
    _add_list(blueprint, study)
    _add_exhibits(blueprint, study, trees)

    @blueprint.post("/publications/<identity>/restore")
    def restore_publication(identity: str) -> Response:
        """Publish once more what was published then."""
        _history, found = found_publication(study, identity)
        if _by_push(study):
            abort(409)  # CI's next build would undo it; the page says what to do, and has no such button
        allow = tuple(request.form.getlist("allow"))
        options = PublishOptions(restore=found.id, allow=allow, author=owner_of(study.source))
        return redirect(url_for("admin.publish_job", job=study.jobs.start(options)), 303)


def _add_list(blueprint: Blueprint, study: Study) -> None:
    @blueprint.get("/publications/")
    def publications() -> str:
        """List the publications, and show what one of them changed."""
        history = history_of(study.root)
        number = request.args.get("page", "1")
        page = int(number) if number.isdecimal() and 0 < int(number) < 10_000 else 1
        problem = None
        if history is not None and request.args.get("fetch"):
            try:
                history.fetch()
            except PublishError as error:
                problem = error
        found = history.publications(PAGE + 1, (page - 1) * PAGE) if history is not None else ()
        wanted = request.args.get("show", "")
        chosen = found_publication(study, wanted)[1] if wanted else (found[0] if found else None)
        newest = history.publications(1) if history is not None else ()
        by_push = _by_push(study)
        difference = history.changes(chosen) if history is not None and chosen is not None else None
        return render_template(
            "admin/publications.html",
            publications=found[:PAGE],
            more=len(found) > PAGE,
            page=page,
            chosen=chosen,
            newest=newest[0] if newest else None,
            difference=difference,
            shelves=shelves(difference) if difference else (),
            problem=problem,
            by_push=by_push,
            way_back=way_back(history.branch.git, chosen.source) if history and chosen and by_push else "",
            compare=lambda change: _compare(chosen, change),
        )


def _add_exhibits(blueprint: Blueprint, study: Study, trees: PastTrees) -> None:
    @blueprint.get("/publications/<identity>/")
    @blueprint.get("/publications/<identity>/<path:address>")
    def past_publication(identity: str, address: str = "") -> Response:
        """Show a page as it was published."""
        tree = trees.known(identity) or trees.of(found_publication(study, identity)[1])
        return Exhibit(tree, url_for("admin.past_publication", identity=identity)).answer(address)


def _compare(publication: Publication | None, change: Change) -> str:
    if publication is None or not comparable(change):
        return ""
    return url_for("admin.compare_past", show=publication.id, address=change.address)


def comparable(change: Change) -> bool:
    """Tell whether a change can be looked at in two frames."""
    return change.page or change.path.lower().endswith(_PICTURES)


def _by_push(study: Study) -> bool:
    return load_site_config(study.root).publish.via == "push"


def found_publication(study: Study, identity: str) -> tuple[History, Publication]:
    """Find a publication in the history, or answer that it is not here."""
    history = history_of(study.root) if _COMMIT.fullmatch(identity) else None
    found = history.find(identity) if history is not None else None
    if history is None or found is None:
        abort(404)
    return history, found
