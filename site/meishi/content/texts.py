"""From a page to its rendered Markdown, each source once."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from pathlib import PurePosixPath
from typing import Protocol

from meishi.config import SiteConfig
from meishi.content.documents import Document, MarkdownSettings
from meishi.content.library import Front, Library
from meishi.content.markdown import render
from meishi.content.models import Page
from meishi.errors import MeishiError


class DocumentStore(Protocol):
    """Remember rendered Markdown by key."""

    def get(self, key: str) -> Document | None:
        """Return what was rendered before, or None."""

    def put(self, key: str, document: Document) -> None:
        """Remember what was rendered."""


class MemoryStore:
    """Keep rendered Markdown and front matter from one reading of the content to the next."""

    def __init__(self, most: int = 2000) -> None:
        self._most = most
        self._kept: dict[str, Document] = {}
        self._fronts: dict[str, Front] = {}
        self._seen: dict[str, Front] = {}

    def front(self, digest: str) -> Front | None:
        """Return the front matter of the file with this digest, or None."""
        found = self._fronts.get(digest)
        if found is not None:
            self._seen[digest] = found
        return found

    def keep_front(self, digest: str, front: Front) -> None:
        """Remember what a file's front matter says."""
        self._fronts[digest] = self._seen[digest] = front

    def forget(self) -> None:
        """Keep only the front matter that was asked for since the last time."""
        self._fronts, self._seen = self._seen, {}

    def get(self, key: str) -> Document | None:
        """Return what was rendered before, or None."""
        return self._kept.get(key)

    def put(self, key: str, document: Document) -> None:
        """Remember what was rendered, forgetting the oldest when there is too much."""
        self._kept[key] = document
        while len(self._kept) > self._most:
            # Another thread may have been quicker.
            self._kept.pop(next(iter(self._kept)), None)


class Documents:
    """Render the pages of a library, through a store that outlives it."""

    def __init__(
        self, library: Library, shortcodes: Iterable[str], store: DocumentStore | None = None
    ) -> None:
        self._library = library
        self.store = store
        self._shortcodes = frozenset(shortcodes)
        self._settings = {
            language.code: markdown_settings(library.config, language.code, self._shortcodes)
            for language in library.config.languages
        }
        self._ways = {language: way_of(settings) for language, settings in self._settings.items()}
        self._made: dict[str, Document] = {}

    def settings(self, language: str) -> MarkdownSettings:
        """Return how Markdown is read in a language."""
        return self._settings[language]

    def key(self, page: Page) -> str:
        """Name a page's text together with how it is read."""
        return f"{page.digest}-{self._ways[page.language]}"

    def of(self, page: Page) -> Document:
        """Return a page's text as HTML with slots."""
        key = self.key(page)
        if key in self._made:
            return self._made[key]
        document = self.store.get(key) if self.store is not None else None
        if document is None:
            body, line = self._library.body(page)
            document = self.render(page, body, line)
            if self.store is not None:
                self.store.put(key, document)
        self._made[key] = document
        return document

    def show(self, page: Page, document: Document) -> None:
        """Take a document for a page's text, whatever is in its file; the store learns nothing of it."""
        self._made[self.key(page)] = document

    def render(self, page: Page, body: str, line: int) -> Document:
        """Render a text as if it stood in a page's file; errors name that file."""
        try:
            return render(body, self._settings[page.language], first_line=line)
        except MeishiError as error:
            if error.path is None:
                error.path = PurePosixPath("content", page.path)
            raise


def way_of(settings: MarkdownSettings) -> str:
    """Name a way of reading Markdown."""
    return blake2b(repr(settings).encode(), digest_size=6).hexdigest()


def markdown_settings(config: SiteConfig, language: str, shortcodes: frozenset[str]) -> MarkdownSettings:
    """Return how config.toml wants Markdown read in a language."""
    markup = config.markup
    return MarkdownSettings(
        unsafe=markup.unsafe,
        code_fences=markup.code_fences,
        math=markup.math,
        language=config.language(language).tag,
        toc_start=markup.toc_start,
        toc_end=markup.toc_end,
        shortcodes=tuple(sorted(shortcodes)),
    )
