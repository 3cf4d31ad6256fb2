"""What an _index.md hands down to the pages below it: Hugo's `cascade`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatch
from typing import Any, NamedTuple

from meishi.content.frontmatter import Source, blame
from meishi.content.sources import SourceFile

_TARGETS = ("target", "_target")


class Cascade(NamedTuple):
    """Values for the pages below a folder, in one language, that `target` fits."""

    file: SourceFile
    values: Mapping[str, Any]
    target: Mapping[str, Any]

    def fits(self, file: SourceFile) -> bool:
        """Tell whether a page gets these values; the _index.md itself does too."""
        folder = self.file.folder
        below = not folder or file.folder == folder or file.folder.startswith(f"{folder}/")
        if not below or self.file.language != file.language:
            return False
        kind = str(self.target.get("kind", ""))
        if kind and kind != ("page" if file.kind == "bundle" else file.kind):
            return False
        language = str(self.target.get("lang", ""))
        if language and not fnmatch(file.language, language.strip("{}").lower()):
            return False
        pattern = str(self.target.get("path", "")).strip("/")
        return not pattern or _is_at(file, pattern)


def _is_at(file: SourceFile, pattern: str) -> bool:
    """Match Hugo's patterns: /notes/**, notes/tr*, or the path of one page."""
    name = file.folder if file.kind in ("section", "bundle", "home") else f"{file.folder}/{file.name}"
    base = pattern.removesuffix("**").rstrip("/")
    if pattern.endswith("**"):
        return not base or f"{name.strip('/')}/".startswith(f"{base}/")
    return fnmatch(name.strip("/"), pattern) or fnmatch(file.path, pattern)


def cascades_of(file: SourceFile, values: Mapping[str, Any], source: Source) -> Iterator[Cascade]:
    """Yield what the front matter of an _index.md hands down."""
    found = next((value for key, value in values.items() if key.lower() == "cascade"), None)
    parts = [found] if isinstance(found, dict) else found or []
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        message = f"cascade must be a table, or a list of tables, not {found!r}"
        raise blame(file.path, source)("cascade", message, "Write the fields to hand down below `cascade:`")
    for part in parts:
        target: Any = next((part[key] for key in _TARGETS if part.get(key)), {})
        if not isinstance(target, dict):
            message = f"a cascade's target must be a table, not {target!r}"
            raise blame(file.path, source)("cascade", message, 'Write it like `target: {path: "/notes/**"}`')
        yield Cascade(file, {key: value for key, value in part.items() if key not in _TARGETS}, target)


def outermost_first(cascades: Iterable[Cascade]) -> list[Cascade]:
    """Order cascades so that what stands nearer to a page wins."""
    return sorted(cascades, key=lambda cascade: cascade.file.folder.count("/") + bool(cascade.file.folder))


def with_cascade(
    file: SourceFile, values: Mapping[str, Any], cascades: Sequence[Cascade]
) -> Mapping[str, Any]:
    """Return a page's values over those that are handed down to it."""
    handed: dict[str, tuple[str, Any]] = {}
    for cascade in cascades:
        if cascade.fits(file):
            for key, value in cascade.values.items():
                before = handed.get(key.lower(), ("", None))[1]
                handed[key.lower()] = key, _merged(key, before, value)
    if not handed:
        return values
    merged = dict(values)
    own = {key.lower(): key for key in values}
    for lower, (key, value) in handed.items():
        if lower not in own:
            merged[key] = value
        else:
            merged[own[lower]] = _merged(key, value, values[own[lower]])
    return merged


def _merged(key: str, below: Any, above: Any) -> Any:
    """Let `params` of both stand; of every other field the nearer one counts."""
    if key.lower() == "params" and isinstance(below, dict) and isinstance(above, dict):
        return {**below, **above}
    return above
