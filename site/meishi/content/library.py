"""The whole content, read: every page in its language, section and order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from hashlib import blake2b
from pathlib import PurePosixPath
from typing import Any, NamedTuple, Protocol

from meishi.config import SiteConfig
from meishi.content.cascades import Cascade, cascades_of, outermost_first, with_cascade
from meishi.content.editions import edition_of, stand_in_home, with_borrowed
from meishi.content.frontmatter import Source as TextSource
from meishi.content.frontmatter import parse, split
from meishi.content.models import Edition, Page
from meishi.content.pages import field_errors, make_page, zone_of
from meishi.content.sources import Places, SourceFile, Sources, scan
from meishi.errors import FrontMatterError, MeishiError


class Front(NamedTuple):
    """A file's front matter, read; `source` is without the body."""

    values: Mapping[str, Any]
    source: TextSource


class FrontCache(Protocol):
    """Remember front matter by the digest of its file."""

    def front(self, digest: str) -> Front | None:
        """Return what was read before, or None."""

    def keep_front(self, digest: str, front: Front) -> None:
        """Remember what was read."""


class PageCache(Protocol):
    """Remember the pages that files were made into; a key stands for all that a page is made from."""

    def page(self, key: str) -> Page | None:
        """Return what was made before, or None."""

    def keep_page(self, key: str, page: Page) -> None:
        """Remember what was made."""


@dataclass(frozen=True, slots=True)
class Library:
    """Everything the owner wrote, in order. `hidden` holds drafts, future and expired pages."""

    config: SiteConfig
    zone: tzinfo
    sources: Sources
    editions: Mapping[str, Edition]
    pages: tuple[Page, ...]
    hidden: tuple[Page, ...]
    errors: tuple[MeishiError, ...]
    valid_until: datetime | None
    by_path: Mapping[str, Page] = field(repr=False)
    _families: Mapping[tuple[str, str], tuple[Page, ...]] = field(repr=False)
    #: What was taken apart for its front matter and is about to be rendered.
    _taken: dict[str, TextSource] = field(repr=False)

    def translations(self, page: Page) -> tuple[Page, ...]:
        """Return the page in every language that has it, itself among them, in the languages' order."""
        return self._families.get((page.kind, page.key), (page,))

    def translation(self, page: Page, language: str) -> Page | None:
        """Return the page in one language, or None."""
        return next((other for other in self.translations(page) if other.language == language), None)

    def body(self, page: Page) -> tuple[str, int]:
        """Return a page's Markdown and the line of the file at which it begins."""
        if not page.path:
            return "", 1
        source = self._taken.pop(page.path, None) or split(self.sources.text(page.path), page.path)
        return source.body, source.body_line


def load_library(
    config: SiteConfig,
    now: datetime,
    *,
    cache: FrontCache | None = None,
    made: PageCache | None = None,
    digest: Callable[[str], str] | None = None,
    previous: Library | None = None,
    tolerant: bool = False,
) -> Library:
    """Read content/. The first broken file raises.

    With `previous`, a broken file keeps its last good page and the error is listed. With `tolerant`, it is
    left out, and all errors are listed.
    """
    reading = Reading(
        config, zone_of(config.time_zone), tolerant or previous is not None, keep_texts=made is not None
    )
    sources = scan(config.root / "content", places_of(config), digest)
    fronts: dict[str, Front] = {}
    for file in sources.pages:
        # With pages at hand, only what the _index.md files hand down has to be known beforehand.
        needed = made is None or file.kind in ("home", "section")
        if needed and (front := reading.front(sources, file, cache)) is not None:
            fronts[file.path] = front
    cascades = reading.cascades(sources.pages, fronts)
    resources = resources_of(sources)
    # Reading thousands of front matters anew is most of what a rebuild would take.
    context = _hash(repr((config.raw, config.base_url, config.time_zone, cascades)))
    pages: list[Page] = []
    for file in sources.pages:
        own = resources.get(file.bundle, ()) if file.bundle else ()
        key = f"{file.digest} {context} {file.path}" + (f" {_hash(repr(own))}" if own else "")
        page = made.page(key) if made is not None else None
        if page is None:
            was_read = made is None or file.kind in ("home", "section")
            front = fronts.get(file.path) if was_read else reading.front(sources, file, cache)
            page = reading.page(file, front, cascades, own) if front is not None else None
            if page is not None and made is not None:
                made.keep_page(key, page)
        if page is None and previous is not None:
            page = previous.by_path.get(file.path)
        if page is not None:
            pages.append(page)
    return assemble(reading, sources, pages, now)


def _hash(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogateescape"), digest_size=12).hexdigest()


def places_of(config: SiteConfig) -> Places:
    """Say which languages there are, and where each keeps its files."""
    folders = [(language.content_dir, language.code) for language in config.languages if language.content_dir]
    folders += [(folder, code) for code, folder in config.disabled_languages.items() if folder]
    return Places(
        languages=frozenset(language.code for language in config.languages),
        default=config.default_language,
        disabled=frozenset(config.disabled_languages),
        folders=tuple(sorted(folders, key=lambda pair: -pair[0].count("/"))),
    )


@dataclass(slots=True)
class Reading:
    """Make pages of files, and keep the errors where one file must not stop the others."""

    config: SiteConfig
    zone: tzinfo
    tolerant: bool
    #: Whether all texts are going to be rendered at once.
    keep_texts: bool = False
    errors: list[MeishiError] = field(default_factory=list)
    texts: dict[str, TextSource] = field(default_factory=dict)

    def front(self, sources: Sources, file: SourceFile, cache: FrontCache | None) -> Front | None:
        """Read the front matter of a file, or keep what is wrong with it."""
        if cache is not None and (kept := cache.front(file.digest)) is not None:
            return kept
        try:
            source = _source(sources, file)
            front = Front(parse(source, file.path), source._replace(body=""))
        except MeishiError as error:
            self._note(error)
            return None
        if self.keep_texts:
            self.texts[file.path] = source
        if cache is not None:
            cache.keep_front(file.digest, front)
        return front

    def _note(self, *errors: MeishiError) -> None:
        if not self.tolerant:
            raise errors[0]
        self.errors += errors

    def cascades(self, files: Iterable[SourceFile], fronts: Mapping[str, Front]) -> list[Cascade]:
        """Collect what each _index.md hands down; a wrong value is its mistake, not the pages'."""
        found: list[Cascade] = []
        for file in files:
            if file.kind in ("home", "section") and file.path in fronts:
                front = fronts[file.path]
                try:
                    parts = list(cascades_of(file, front.values, front.source))
                except MeishiError as error:
                    self._note(error)
                    continue
                for cascade in parts:
                    wrong = field_errors(file, front.source, cascade.values, self.config, self.zone)
                    if wrong:
                        self._note(*wrong)
                    else:
                        found.append(cascade)
        return outermost_first(found)

    def page(
        self, file: SourceFile, front: Front, cascades: Sequence[Cascade], own: tuple[str, ...]
    ) -> Page | None:
        """Make a page, or keep all that is wrong with its front matter."""
        values = with_cascade(file, front.values, cascades) if cascades else front.values
        try:
            return make_page(file, front.source, values, self.config, self.zone, own)
        except MeishiError as error:
            self._note(*(field_errors(file, front.source, values, self.config, self.zone) or (error,)))
            return None


def front_of(text: str, file: SourceFile) -> Front:
    """Read the front matter of a text that stands in a file, or will."""
    source = split(text, file.path)
    return Front(parse(source, file.path), source._replace(body=""))


def _source(sources: Sources, file: SourceFile) -> TextSource:
    try:
        text = sources.text(file.path)
        text.encode("utf-8")
    except OSError as error:
        raise FrontMatterError("the file is gone", path=PurePosixPath("content", file.path)) from error
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise FrontMatterError(
            "the file is not UTF-8",
            path=PurePosixPath("content", file.path),
            line=line,
            hint="Save it as UTF-8",
        ) from error
    return split(text, file.path)


def resources_of(sources: Sources) -> dict[str, tuple[str, ...]]:
    """Map each page bundle's folder to the files in it."""
    bundles = {file.bundle for file in sources.pages if file.bundle}
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in sources.files:
        folder = path.rpartition("/")[0]
        while folder:
            if folder in bundles:
                found[folder].append(path)
                break
            folder = folder.rpartition("/")[0]
    return {folder: tuple(paths) for folder, paths in found.items()}


def is_shown(page: Page, config: SiteConfig, now: datetime) -> bool:
    """Tell whether a page is part of the site at this moment."""
    starts = page.publish_date or page.date
    return (
        (config.drafts or not page.draft)
        and (config.future or starts is None or starts <= now)
        and (config.expired or page.expiry_date is None or page.expiry_date > now)
    )


def _next_change(pages: Iterable[Page], config: SiteConfig, now: datetime) -> datetime | None:
    """Return the moment at which the next page appears or vanishes by itself."""
    moments = []
    for page in pages:
        if not config.future and (starts := page.publish_date or page.date) and starts > now:
            moments.append(starts)
        if not config.expired and page.expiry_date and page.expiry_date > now:
            moments.append(page.expiry_date)
    return min(moments, default=None)


def assemble(
    reading: Reading,
    sources: Sources,
    found: Sequence[Page],
    now: datetime,
    *,
    always: Collection[str] = (),
) -> Library:
    """Put pages in their places; those at the paths `always` are shown even as drafts, or out of date."""
    config = reading.config
    is_in = {
        page.path: page.path in always or (page.rendered and is_shown(page, config, now)) for page in found
    }
    shown = [page for page in found if is_in[page.path]]
    hidden = tuple(page for page in found if not is_in[page.path])
    homes = {page.language: page for page in shown if page.kind == "home"}
    default_home = homes.get(config.default_language)
    editions: dict[str, Edition] = {}
    every: list[Page] = []
    by_language: defaultdict[str, list[Page]] = defaultdict(list)
    for page in shown:
        by_language[page.language].append(page)
    for language in config.languages:
        home = homes.get(language.code) or stand_in_home(config, language, default_home)
        edition = edition_of(config, language, home, by_language[language.code], found)
        editions[language.code] = edition
        every += [home, *(section.page for section in edition.sections.values())]
        every += [*edition.pages, *edition.unlisted]
    families: defaultdict[tuple[str, str], list[Page]] = defaultdict(list)
    for page in every:
        families[page.kind, page.key].append(page)
    if config.fallback:
        default = editions[config.default_language]
        editions = {code: with_borrowed(edition, default, families) for code, edition in editions.items()}
    return Library(
        config=config,
        zone=reading.zone,
        sources=sources,
        editions=editions,
        pages=tuple(every),
        hidden=hidden,
        errors=tuple(reading.errors),
        valid_until=_next_change(found, config, now),
        by_path={page.path: page for page in found},
        _families={key: tuple(family) for key, family in families.items()},
        _taken=reading.texts,
    )
