"""The frame around every page of the study: navigation, notices, language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, g, request, url_for
from flask_babel import format_number
from markupsafe import Markup

from meishi.admin import csrf
from meishi.admin.assets import Assets
from meishi.admin.identity import site_title
from meishi.admin.language import LANGUAGES, chosen
from meishi.admin.sentences import install_sentences
from meishi.admin.study import Study
from meishi.web.icons import Icons
from meishi.web.rendering import SCHEME_SCRIPT
from meishi.web.security import style_nonce


@dataclass(frozen=True, slots=True)
class Badge:
    """A number beside a page's name, and what it means in words; 0 is not shown, but scripts may fill it."""

    number: int
    meaning: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the navigation, as templates see it."""

    label: str
    url: str
    current: bool
    key: str
    badge: Badge | None = None


@dataclass(frozen=True, slots=True)
class _Registered:
    endpoint: str
    label: str
    order: int
    key: str
    also: str
    badge: Callable[[], Badge | None]
    shown: Callable[[], bool]


class Shell:
    """Collect what every page shows around its own content."""

    def __init__(self, study: Study, assets: Assets) -> None:
        self._study = study
        self._assets = assets
        self._entries: list[_Registered] = []

    def add(
        self,
        endpoint: str,
        label: str,
        *,
        order: int,
        key: str = "",
        also: str = "",
        badge: Callable[[], Badge | None] = lambda: None,
        shown: Callable[[], bool] = lambda: True,
    ) -> None:
        """Add a page to the navigation; `label` is lazy_gettext(…), `key` opens it after g.

        `also` is another page whose pages belong to it.
        """
        self._entries.append(
            _Registered(f"admin.{endpoint}", label, order, key, also and f"admin.{also}", badge, shown)
        )

    def notify(self, kind: str, text: str) -> None:
        """Show a notice on the owner's next page; the kind is "good", "note", "warning" or "error"."""
        if g.session is not None:
            self._study.sessions.leave_notice(g.session.id, kind, text)

    @property
    def entries(self) -> list[Entry]:
        """List the pages of the navigation in their order."""
        shown = sorted((entry for entry in self._entries if entry.shown()), key=lambda entry: entry.order)
        urls = {entry.endpoint: url_for(entry.endpoint) for entry in shown}
        here = request.script_root + request.path
        home = url_for("admin.dashboard")  # everything lies below it
        places = {url: url for url in urls.values()}
        places |= {url_for(entry.also): urls[entry.endpoint] for entry in shown if entry.also}
        within = [url for url in places if here == url or (here.startswith(url) and url != home)]
        current = places.get(max(within, key=len, default=""))
        return [
            Entry(
                str(entry.label),
                urls[entry.endpoint],
                urls[entry.endpoint] == current,
                entry.key,
                entry.badge(),
            )
            for entry in shown
        ]

    @property
    def badges(self) -> dict[str, dict[str, object]]:
        """Return the numbers beside the pages, by the key that opens each."""
        found = [(entry.key, entry.badge()) for entry in self._entries if entry.shown()]
        return {
            key: {"number": badge.number, "text": format_number(badge.number), "meaning": badge.meaning}
            for key, badge in found
            if badge is not None
        }

    @property
    def notices(self) -> list[tuple[str, str]]:
        """Take the notices that wait for this page."""
        return self._study.sessions.take_notices(g.session.id) if g.session else []

    @property
    def signed_in(self) -> bool:
        """Tell whether the owner looks at this page."""
        return g.get("session") is not None

    @property
    def title(self) -> str:
        """Return the site's name in the language of the page, where it has one."""
        return site_title(self._study, chosen())

    @property
    def language(self) -> str:
        """Return the language of the page."""
        return chosen()

    @property
    def languages(self) -> dict[str, str]:
        """Map each language to its own name."""
        return LANGUAGES

    @property
    def here(self) -> str:
        """Return the address to come back to."""
        return request.full_path.rstrip("?")


def install_shell(app: Flask, study: Study, shell: Shell, assets: Assets) -> None:
    """Give every template of the study what it needs for the frame."""
    icons = Icons(study.home / "static" / "dist")
    globals_: dict[str, object | Callable[..., object]] = {
        "shell": shell,
        "admin_asset": assets.url,
        "csrf_token": lambda: csrf.token(study),
        "csrf_field": lambda: csrf.field(study),
        "icon": icons,
        "style_nonce": style_nonce,
        "scheme_script": Markup(f"<script>{SCHEME_SCRIPT}</script>"),  # noqa: S704
    }
    app.jinja_env.globals.update(globals_)
    install_sentences(app)
