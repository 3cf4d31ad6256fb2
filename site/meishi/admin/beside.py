"""A page's translation beside it, to read along while writing, and how far one is behind the other."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePosixPath

from flask import Blueprint, abort, render_template, request
from markupsafe import Markup

from meishi.admin.clashes import marked
from meishi.admin.shell import Shell
from meishi.admin.study import Study
from meishi.content.editing.freshness import Behind, behind, paragraphs, translated_from
from meishi.content.editing.paths import content_path
from meishi.content.library import Library
from meishi.content.models import Page
from meishi.errors import MeishiError


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of the other text; `kind` is "", or what happened to it since the translation was made."""

    text: Markup
    line: int
    field: str
    kind: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A page that was written first, and its translation; `lag` is None if nobody knows."""

    source: Page
    translation: Page
    source_text: str
    source_version: str
    lag: tuple[Behind, ...] | None


def register(blueprint: Blueprint, study: Study, _shell: Shell) -> None:
    """Add the translation beside the text."""

    @blueprint.get("/beside/<path:name>")
    def beside(name: str) -> str:
        """Show another language's text of the same page."""
        library = study.source.current().library
        page = library.by_path.get(content_path(name).as_posix())
        other = library.by_path.get(request.args.get("other", ""))
        if page is None or other is None or other not in library.translations(page):
            abort(404)
        pair = _pair(study, library, page, other)
        text = study.desk.open(PurePosixPath(other.path)).text
        lag = pair.lag or ()
        reading_source = other is pair.source
        return render_template(
            "admin/_partials/beside.html",
            other=other,
            pair=pair,
            source_name=library.config.language(pair.source.language).name,
            translation_name=library.config.language(pair.translation.language).name,
            language=library.config.language(other.language),
            passages=_passages(text, lag if reading_source else ()),
            gone=[one.then for one in lag if one.kind == "gone" and one.then],
            changed=[] if reading_source else [_changed(one) for one in lag if one.now],
            reading_source=reading_source,
        )


def _pair(study: Study, library: Library, page: Page, other: Page) -> Pair:
    """Tell which of two pages is the translation: the one that says so, else the later language."""
    texts = {one.path: study.desk.open(PurePosixPath(one.path)) for one in (page, other)}
    said = {path: translated_from(opened.text) for path, opened in texts.items()}
    translation = other if said[other.path] or page.language == library.config.default_language else page
    if said[page.path]:
        translation = page
    source = other if translation is page else page
    version, opened = said[translation.path], texts[source.path]
    lag = None
    if version:
        with suppress(MeishiError):
            then = study.desk.text_of(PurePosixPath(source.path), version)
            lag = None if then is None else tuple(behind(opened.text, then))
    return Pair(source, translation, opened.text, opened.version, lag)


def _passages(text: str, lag: tuple[Behind, ...]) -> list[Passage]:
    news = {one.now.line: one for one in lag if one.now}
    found = []
    for one in paragraphs(text):
        change = news.get(one.line)
        shown = _changed(change) if change else Markup("{}").format(one.text)
        found.append(Passage(shown, one.line, one.field, change.kind if change else ""))
    return found


def _changed(one: Behind) -> Markup:
    """Show a paragraph as it is now, what changed in it marked."""
    now = one.now.text if one.now else ""
    return marked(one.then.text, now) if one.then else Markup("{}").format(now)
