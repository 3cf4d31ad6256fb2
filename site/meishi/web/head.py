"""What a page says to search engines, feed readers and other machines."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from markupsafe import Markup

from meishi import __version__

GENERATOR = f"Meishi {__version__}"


class Crumb(NamedTuple):
    """One step of the way to a page."""

    title: str
    url: str


class Subject(NamedTuple):
    """The facts of one page from which its head is written. Addresses are whole."""

    kind: str
    title: str
    site_title: str
    description: str
    url: str
    home_url: str
    person: str
    language: str
    other_languages: tuple[str, ...] = ()
    published: datetime | None = None
    modified: datetime | None = None
    tags: tuple[str, ...] = ()
    picture: str = ""
    picture_size: tuple[int, int] = (0, 0)
    picture_alt: str = ""
    author: Mapping[str, Any] | None = None
    same_as: tuple[str, ...] = ()
    portrait: str = ""
    trail: tuple[Crumb, ...] = ()


#: How a page and the site make the title of a browser's tab.
TITLE_PATTERN = "{page} · {site}"


def page_title(kind: str, title: str, site_title: str, pattern: str) -> str:
    """Write a page's title by a pattern such as "{page} · {site}"; the home page has the site's alone."""
    if kind == "home" or not title or title == site_title:
        return site_title or title
    return pattern.replace("{page}", title).replace("{site}", site_title)


def open_graph(subject: Subject) -> tuple[tuple[str, str], ...]:
    """List the Open Graph and Twitter properties of a page."""
    kind = {"home": "profile", "note": "article"}.get(subject.kind, "website")
    rows = [
        ("og:type", kind),
        ("og:title", subject.title or subject.site_title),
        ("og:site_name", subject.site_title),
        ("og:url", subject.url),
        ("og:locale", _locale(subject.language)),
        *(("og:locale:alternate", _locale(tag)) for tag in subject.other_languages),
    ]
    if subject.description:
        rows.append(("og:description", subject.description))
    if kind == "article":
        rows += [("article:published_time", subject.published.isoformat())] if subject.published else []
        rows += [("article:modified_time", subject.modified.isoformat())] if subject.modified else []
        rows += [("article:tag", tag) for tag in subject.tags]
    if subject.picture:
        width, height = subject.picture_size
        rows.append(("og:image", subject.picture))
        rows += [("og:image:width", str(width)), ("og:image:height", str(height))] if width else []
        rows.append(("og:image:alt", subject.picture_alt or subject.title or subject.site_title))
        rows.append(("twitter:card", "summary_large_image"))
    else:
        rows.append(("twitter:card", "summary"))
    return tuple(rows)


def _locale(tag: str) -> str:
    language, _, region = tag.replace("_", "-").partition("-")
    known = {"en": "US", "ja": "JP"}
    return f"{language}_{(region or known.get(language, language)).upper()}"


def json_ld(subject: Subject) -> Markup:
    """Write a page's JSON-LD: ProfilePage for the card, BlogPosting for a note, WebPage else.

    The properties are those that Google documents for profile pages, articles and breadcrumbs.
    """
    shown = {"@context": "https://schema.org", **_graph(subject)}
    graph: object = shown
    if subject.trail:
        graph = [shown, {"@context": "https://schema.org", **_breadcrumbs(subject.trail)}]
    text = json.dumps(graph, ensure_ascii=False, separators=(",", ":"))
    # Within <script> only these three could end it or start markup.
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _person(subject: Subject) -> dict[str, Any]:
    author = subject.author or {}
    person: dict[str, Any] = {
        "@type": str(author.get("type") or "Person"),
        "@id": subject.person,
        "name": str(author.get("name") or subject.site_title),
        "url": subject.home_url,
    }
    if author.get("name_alt"):
        person["alternateName"] = str(author["name_alt"])
    if person["@type"] == "Person":
        if author.get("role"):
            person["jobTitle"] = str(author["role"])
        if author.get("organisation"):
            person["worksFor"] = {"@type": "Organization", "name": str(author["organisation"])}
    if subject.portrait:
        person["image"] = subject.portrait
    if subject.same_as:
        person["sameAs"] = list(subject.same_as)
    return person


def _graph(subject: Subject) -> dict[str, Any]:
    person = _person(subject)
    common: dict[str, Any] = {"inLanguage": subject.language, "url": subject.url}
    if subject.description:
        common["description"] = subject.description
    if subject.kind == "home":
        if subject.modified:
            common["dateModified"] = subject.modified.isoformat()
        return {"@type": "ProfilePage", "name": subject.site_title, **common, "mainEntity": person}
    if subject.kind != "note":
        return {"@type": "WebPage", "name": subject.title or subject.site_title, **common, "about": person}
    note: dict[str, Any] = {"@type": "BlogPosting", "headline": subject.title, **common, "author": person}
    if subject.published:
        note["datePublished"] = subject.published.isoformat()
    if subject.modified:
        note["dateModified"] = subject.modified.isoformat()
    if subject.picture:
        note["image"] = subject.picture
    if subject.tags:
        note["keywords"] = ", ".join(subject.tags)
    return note


def _breadcrumbs(trail: Sequence[Crumb]) -> dict[str, Any]:
    items = [
        {"@type": "ListItem", "position": place, "name": crumb.title, "item": crumb.url}
        for place, crumb in enumerate(trail, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def social_links(rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the addresses that are the owner elsewhere, for sameAs."""
    links = (
        str(row.get("link") or row.get("url") or "")
        for row in rows
        if "me" in str(row.get("rel", "me")).split()
    )
    return tuple(dict.fromkeys(link for link in links if link.startswith(("https://", "http://"))))
