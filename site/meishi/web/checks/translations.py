"""What is not said in every language of the site."""

from __future__ import annotations

from collections.abc import Iterator

from meishi.content.library import Library
from meishi.content.models import Page
from meishi.web.checks.findings import Finding


def check_translations(library: Library) -> Iterator[Finding]:
    """Yield the pages that some language lacks; a panel is a warning, a note of a section a remark."""
    editions = library.editions
    for page in library.pages:
        if not page.path or page.path not in library.by_path or not _is_first(library, page):
            continue
        has = {other.language for other in library.translations(page)}
        lacking = [edition.language for code, edition in editions.items() if code not in has]
        if not lacking:
            continue
        names = ", ".join(language.name for language in lacking)
        message = f"there is no translation into {names}"
        if page.kind == "home" or page.is_note:
            yield Finding("note", f"content/{page.path}", None, message)
        elif page.language == library.config.default_language and library.config.fallback:
            own = library.config.language(page.language).name
            hint = f'It is shown in {own} there; untranslated = "hide" leaves it out'
            yield Finding("warning", f"content/{page.path}", None, message, hint)
        else:
            yield Finding("warning", f"content/{page.path}", None, message, "It is left out there")


def _is_first(library: Library, page: Page) -> bool:
    return library.translations(page)[0].path == page.path
