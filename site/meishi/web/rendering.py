"""The one place that fills the theme's templates."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from jinja2 import (
    BytecodeCache,
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
    pass_context,
)
from jinja2.runtime import Context
from markupsafe import Markup

from meishi.errors import MeishiError, TemplateError

#: Reads the remembered colour scheme before the first paint; its hash goes into the content security policy.
SCHEME_SCRIPT = (
    "try{let s=localStorage.scheme;if(/^(auto|light|dark)$/.test(s))"
    "document.documentElement.dataset.scheme=s}catch(e){}"
)


@dataclass(frozen=True, slots=True)
class Theme:
    """Fill templates; the site's own folder wins over its theme, and that over Meishi's."""

    environment: Environment
    folders: Sequence[Path]

    def html(self, name: str, context: Mapping[str, Any]) -> str:
        """Fill a template of the theme; errors name its file and line."""
        try:
            return self.environment.get_template(name).render(context)
        except MeishiError:
            raise
        except TemplateNotFound as error:
            raise self._located(f"there is no template {error.name}", error, name) from error
        except TemplateSyntaxError as error:
            place = self._place(Path(error.filename)) if error.filename else None
            place = place or PurePosixPath("templates", error.name or name)
            raise TemplateError(error.message or "syntax error", path=place, line=error.lineno) from error
        except Exception as error:
            # A template is the owner's program: it may raise anything.
            raise self._located(str(error) or type(error).__name__, error, name) from error

    def has(self, name: str) -> bool:
        """Tell whether there is a template of this name."""
        return any((folder / name).is_file() for folder in self.folders)

    def _located(self, message: str, error: Exception, name: str) -> TemplateError:
        """Find the line of the template that failed."""
        found, line = PurePosixPath("templates", name), None
        for frame in traceback.extract_tb(error.__traceback__):
            if (place := self._place(Path(frame.filename))) is not None:
                found, line = place, frame.lineno
        return TemplateError(message, path=found, line=line)

    def _place(self, file: Path) -> PurePosixPath | None:
        """Name a template as its owner does: templates/home.html, themes/plain/templates/home.html."""
        for folder in self.folders:
            if file.is_relative_to(folder):
                above = folder.parent
                own = above.parent.name == "themes"
                label = f"themes/{above.name}/{folder.name}" if own else folder.name
                return PurePosixPath(label, file.relative_to(folder).as_posix())
        return None


def make_theme(
    folders: Sequence[Path],
    asset: Callable[[str], str],
    icon: Callable[[str], str],
    link: Callable[[str], str],
    cache: Path | None = None,
) -> Theme:
    """Set up Jinja for a site: autoescape everywhere, undefined names are errors."""
    environment = Environment(
        loader=FileSystemLoader([str(folder) for folder in folders]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_bytecode(cache),
    )
    environment.globals.update(
        asset=asset,
        icon=lambda name, *_size: Markup(icon(name)),
        link_to=link,
        scheme_script=Markup(f"<script>{SCHEME_SCRIPT}</script>"),
    )
    environment.filters["date"] = _day
    environment.filters["isodate"] = lambda moment: moment.isoformat()
    return Theme(environment, folders)


def _bytecode(cache: Path | None) -> BytecodeCache | None:
    if cache is None:
        return None
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return FileSystemBytecodeCache(str(cache), "%s.jinja")


@pass_context
def _day(context: Context, moment: date) -> str:
    written: str = context["strings"].day(moment)
    return written
