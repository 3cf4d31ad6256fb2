"""What publishing asks of the site that it freezes. The web room provides it; tests have a small one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from meishi.content.cache import DocumentCache, Job
from meishi.errors import MeishiError
from meishi.publishing.options import FreezeOptions

if TYPE_CHECKING:
    from flask import Flask


class Target(Protocol):
    """Name one public address."""

    @property
    def address(self) -> str:
        """Return the address below the base path, unquoted, in NFC."""

    @property
    def kind(self) -> str:
        """Return what kind of address it is."""

    @property
    def language(self) -> str:
        """Return the language's code, "" for a file of all languages."""

    @property
    def row(self) -> str:
        """Return the row of the table in which it counts."""

    @property
    def file(self) -> Path | None:
        """Return the file that is published here, as it is or with changes; None for rendered addresses."""

    @property
    def source(self) -> str:
        """Return the path below content/ of the file it is made from, or ""."""


class Site(Protocol):
    """Know every public address and what it is made from."""

    def targets(self) -> Mapping[str, Any]:
        """Map every address that exists whatever the pages say to its target."""

    def made(self, address: str) -> Any:
        """Return the target of a file that pages ask for (a smaller picture), or None."""

    def prepare(self, addresses: Sequence[str]) -> None:
        """Do what is better done for several addresses at once, before each of them is asked for."""

    def file(self, target: Any) -> Path | None:
        """Return the file whose bytes a target is, making it if need be; None for rendered ones."""

    def reads(self, address: str) -> frozenset[str]:
        """Return the names of the ingredients of an address that was rendered."""

    def needs(self, address: str) -> Sequence[str]:
        """Return the addresses of files that a rendered page cannot do without."""

    def digest(self, name: str) -> str:
        """Return the digest of an ingredient as it is now.

        "source:PATH" and "meta:PATH" are about the page in content/PATH: they depend on that file and, beyond
        it, only on _index.md files, on files that are no pages, and on what all pages share.
        """

    def state(self, kind: str) -> str:
        """Return a digest of all that the ingredients of a kind depend on together, or "".

        The kind is what stands before the colon of an ingredient's name. As long as the digest stays, none of
        that kind is looked at.
        """

    @property
    def warnings(self) -> Sequence[MeishiError]:
        """List the mistakes met so far that did not stop anything."""


class Frozen(NamedTuple):
    """Hold an app that is to be frozen, and where its pages will live."""

    app: Flask
    site: Site
    languages: tuple[str, ...]
    base_path: str  # "" or "/web"
    origin: str  # "https://www.example.com"
    valid_until: float | None = None  # seconds since 1970 at which a page appears or expires by itself
    allowed_hosts: frozenset[str] = frozenset()


class Request(NamedTuple):
    """Hold what an app factory is given for a build."""

    options: FreezeOptions
    documents: DocumentCache
    digest: Callable[[Path | str], str]  # a file's hash, by its absolute path, without reading it again
    now: float
    prefill: Callable[[Iterable[str], Callable[[str], Job]], None]
    """Start to render, in other processes, the texts whose keys are not in the cache.

    Call it as soon as the content is read, and before Flask is imported.
    """


AppFactory = Callable[[Request], Frozen]
