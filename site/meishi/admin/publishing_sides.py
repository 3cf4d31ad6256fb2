"""A page as it is published and as it would be, side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from flask import Blueprint, abort, render_template, request, url_for
from selectolax.lexbor import LexborHTMLParser
from werkzeug.wrappers import Response

from meishi.admin.exhibits import Exhibit
from meishi.admin.language import _
from meishi.admin.past import Fold, folded
from meishi.admin.publications import PastTrees, comparable, found_publication
from meishi.admin.publishing_state import newest_look
from meishi.admin.study import Study
from meishi.content.editing.history import Row, diff
from meishi.publishing.difference import Change, Difference
from meishi.publishing.pages_site import look_up
from meishi.publishing.pages_tree import FolderTree, Tree
from meishi.publishing.publication import Publication

#: What begins a line of its own when a page is read as text.
_BLOCKS = frozenset(
    "title body h1 h2 h3 h4 h5 h6 p li dt dd figcaption td th pre summary blockquote div section article"
    " header footer main nav aside button form".split()
)
_UNSAID = ("script", "style", "template", "svg")


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The changed pages before and after one, in the order of the list."""

    before: Change | None
    after: Change | None
    number: int
    count: int


def register(blueprint: Blueprint, study: Study, trees: PastTrees) -> None:
    """Add the comparisons, and the new build that is one side of the first."""

    @blueprint.get("/publish/new/")
    @blueprint.get("/publish/new/<path:address>")
    def new_page_published(address: str = "") -> Response:
        """Show a page of the newest build."""
        return Exhibit(built(study), url_for("admin.new_page_published")).answer(address)

    @blueprint.get("/publish/compare")
    def compare_new() -> str:
        """Show one address as it is published and as it would be."""
        look = newest_look(study)
        plan = look.plan if look is not None else None
        if plan is None:
            abort(404)
        return _page(
            plan.difference,
            trees=(trees.of(plan.published) if plan.published else None, built(study)),
            prefixes=(_past(plan.published), url_for("admin.new_page_published")),
            titles=(_("Published now"), _("After publishing")),
            back=(url_for("admin.publish"), _("What would change")),
            compare=lambda change: url_for("admin.compare_new", address=change.address),
        )

    @blueprint.get("/publications/compare")
    def compare_past() -> str:
        """Show one address before and after a publication."""
        identity = request.args.get("show", "")
        history, publication = found_publication(study, identity)
        before = history.find(publication.parent) if publication.parent else None
        list_url = url_for("admin.publications", show=publication.id)
        return _page(
            history.changes(publication),
            trees=(trees.of(before) if before else None, trees.of(publication)),
            prefixes=(_past(before), _past(publication)),
            titles=(_("Before"), _("With this publication")),
            back=(list_url, _("Earlier publications")),
            compare=lambda change: url_for("admin.compare_past", show=identity, address=change.address),
        )


def _past(publication: Publication | None) -> str:
    return url_for("admin.past_publication", identity=publication.id) if publication else ""


def _page(
    difference: Difference,
    *,
    trees: tuple[Tree | None, Tree],
    prefixes: tuple[str, str],
    titles: tuple[str, str],
    back: tuple[str, str],
    compare: Callable[[Change], str],
) -> str:
    """Show the two sides of the change that was asked for."""
    shown = [one for one in difference.changes if comparable(one)]
    change = next((one for one in shown if one.address == request.args.get("address")), None)
    if change is None:
        abort(404)
    old, new = change.kind != "added", change.kind != "removed"
    address = quote(change.address.lstrip("/"), safe="/#")
    return render_template(
        "admin/publish_compare.html",
        change=change,
        rows=_rows(*trees, change) if old and new and change.page else [],
        near=_near(shown, change),
        near_address=compare,
        frames=(old and prefixes[0] + address, new and prefixes[1] + address),
        titles=titles,
        back=back,
    )


def built(study: Study) -> Tree:
    """Return the newest build."""
    return FolderTree(study.root / "build")


def _near(changes: Sequence[Change], change: Change) -> Neighbours:
    place = changes.index(change)
    before = changes[place - 1] if place else None
    after = changes[place + 1] if place + 1 < len(changes) else None
    return Neighbours(before, after, place + 1, len(changes))


def _rows(old: Tree | None, new: Tree, change: Change) -> list[Row | Fold]:
    """Compare what the two pages say, block by block."""
    before, after = _says(old, change) if old else "", _says(new, change)
    return folded(diff(before, after))


def _says(tree: Tree, change: Change) -> str:
    """Return the words of a page, a block on each line."""
    path, _, fragment = change.address.partition("#")
    found = look_up(tree, path).blob if change.panel else tree.blob(change.path)
    if found is None:
        return ""
    page = LexborHTMLParser(found.read())
    for unsaid in page.css(", ".join(_UNSAID)):
        unsaid.decompose()
    root = page.css_first(f'[id="{fragment}"]') if fragment else page.css_first("html")
    lines = [""]
    for node in root.traverse(include_text=True) if root is not None else ():
        if node.tag == "-text":
            lines[-1] += node.text(deep=False) or ""
        elif node.tag == "img":
            lines[-1] += f" [{node.attributes.get('alt') or ''}] "
        elif node.tag in _BLOCKS:
            lines.append("")
    plain = (" ".join(line.split()) for line in lines)
    return "\n".join(line for line in plain if line) + "\n"
