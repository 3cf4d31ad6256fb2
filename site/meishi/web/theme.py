"""The look that config.toml sets: accent, background and fonts."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any

from meishi.config import SiteConfig
from meishi.config.values import line_of
from meishi.content.models import Edition
from meishi.errors import ConfigError, ImageError
from meishi.web.filling import Filling
from meishi.web.reads import Reads
from meishi.web.viewmodels import Background, ThemeSettings

_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}|[a-z]+|(?:rgb|hsl|oklch|oklab|lab|lch|light-dark)\([^;{}]*\)")
_FONT = re.compile(r"[\w \-,'\"]+")
_GRADIENT = re.compile(r"(?:repeating-)?(?:linear|radial|conic)-gradient\([^;{}]*\)")


def settings_css(config: SiteConfig) -> str:
    """Return the custom properties that config.toml sets, as a last rule of the style sheet."""
    rules = []
    if accent := _checked(config, "accent", _COLOUR, '"#c9371f"'):
        rules.append(f"--accent:{accent}")
    for key, name in (("fontBody", "--font-body"), ("fontHeading", "--font-heading")):
        if font := _checked(config, key, _FONT, '"Georgia, serif"'):
            rules.append(f"{name}:{font}")
    background = str(config.params.get("background", ""))
    if "gradient(" in background:
        rules.append(f"--background:{_checked(config, 'background', _GRADIENT, 'linear-gradient(…)')}")
    return f"\n:root,:lang(ja){{{';'.join(rules)}}}\n" if rules else ""


def _checked(config: SiteConfig, key: str, pattern: re.Pattern[str], example: str) -> str:
    value: Any = config.params.get(key) or ""
    if value and not (isinstance(value, str) and pattern.fullmatch(value.strip())):
        raise ConfigError(
            f"params.{key} is not something a style sheet can use: {value!r}",
            path=PurePosixPath(config.file.name),
            line=line_of(config.file.read_text(encoding="utf-8-sig"), f"params.{key}"),
            hint=f"Write it like {key} = {example}",
        )
    return str(value).strip()


def theme_settings(filling: Filling, edition: Edition, reads: Reads) -> ThemeSettings:
    """Return the look as templates see it."""
    params = edition.language.params
    return ThemeSettings(
        accent=str(params.get("accent", "")),
        background=_background(filling, edition, reads),
        font_body=str(params.get("fontBody", "")),
        font_heading=str(params.get("fontHeading", "")),
    )


def _background(filling: Filling, edition: Edition, reads: Reads) -> Background:
    value = str(edition.home.params.get("background") or edition.language.params.get("background") or "ink")
    if value in ("ink", "gradient", "none"):
        return Background(value)
    if "gradient(" in value:
        return Background("gradient", css=value)
    link = filling.addresses.link
    found, path = filling.picture(edition.home, value, reads)
    if path is None:
        message = f"the background {value} is not there"
        raise ConfigError(
            message, path="config.toml", hint="Put it into static/, or write ink, gradient or none"
        )
    try:
        sources = filling.pictures.sources(path, found.address)
    except ImageError:
        return Background("picture", link(found.address))
    reads.need(*(variant.address for variant in sources.files if not variant.original))
    srcset = ", ".join(f"{link(address)} {width}w" for address, width in sources.srcset)
    return Background("picture", link(sources.src), srcset)
