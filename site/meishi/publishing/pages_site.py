"""Where an address leads on GitHub Pages: to a file, onward, or nowhere."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import Literal

from meishi.publishing.pages_tree import Blob, Tree

#: Names that Jekyll leaves out, at any depth, and so GitHub where there is no .nojekyll.
_HIDDEN = ("_", ".", "#")
_LEFT_OUT = frozenset({"node_modules", "vendor"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer before it is one: 200 and 404 with a file, 301 with the path to go to, 400 with neither."""

    status: Literal[200, 301, 400, 404]
    blob: Blob | None = None
    to: str = ""


def look_up(tree: Tree, path: str, base: str = "/") -> Outcome:
    """Find what GitHub Pages answers for a decoded path, on a site that lives below `base`."""
    base = f"/{base.strip('/')}/" if base.strip("/") else "/"
    plain = _normal(path)
    if plain is None:
        return Outcome(400)
    if plain == base.rstrip("/") and base != "/":
        return Outcome(301, to=base)
    if not plain.startswith(base):
        return Outcome(404)
    name = plain[len(base) :]
    folder = name.rstrip("/")
    if name == folder and name:
        # A page beats a folder of the same name: /both is both.html.
        found = _blob(tree, name) or _blob(tree, f"{name}.html")
        if found is not None:
            return Outcome(200, found)
        if _blob(tree, f"{name}/index.html") is not None:
            return Outcome(301, to=f"{plain}/")
        return Outcome(404, _blob(tree, "404.html"))
    found = _blob(tree, f"{folder}/index.html" if folder else "index.html")
    return Outcome(200, found) if found is not None else Outcome(404, _blob(tree, "404.html"))


def _normal(path: str) -> str | None:
    """Resolve dots and doubled slashes; None for a path that cannot be one."""
    if "\0" in path or not path.startswith("/"):
        return None
    plain = posixpath.normpath("/" + path.lstrip("/"))
    if path.endswith(("/", "/.", "/..")) and plain != "/":
        plain += "/"
    return plain


def _blob(tree: Tree, name: str) -> Blob | None:
    parts = name.split("/")
    if ".git" in parts:
        return None
    hidden = any(part.startswith(_HIDDEN) or part.endswith("~") or part in _LEFT_OUT for part in parts)
    if hidden and tree.blob(".nojekyll") is None:
        return None
    return tree.blob(name)
