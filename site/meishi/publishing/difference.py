"""What visitors will see change: a new build compared with the published one, address by address."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from meishi.publishing.branch import Blob
from meishi.publishing.stamp import HOME, without_stamp

Kind = Literal["added", "changed", "removed"]


@dataclass(frozen=True, slots=True)
class Change:
    """One address that differs. `path` is its file in the build, `source` its file below content/ or ""."""

    kind: Kind
    address: str  # "/about/"; of a panel "/#about"
    path: str
    size: int = 0  # bytes; 0 when it is removed
    old_size: int = 0  # bytes; 0 when it is added
    source: str = ""
    row: str = ""  # its row in Hugo's table: "Pages", "Static files" …
    blob: str = ""  # git's id of the new bytes
    old_blob: str = ""

    @property
    def panel(self) -> bool:
        """Tell whether it is a panel of a home page."""
        return "#" in self.address

    @property
    def page(self) -> bool:
        """Tell whether it is a page that a visitor opens, and not a file of one."""
        return self.path.endswith((".html", ".htm"))


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs, panels after the addresses; `first` says that nothing was published before."""

    changes: tuple[Change, ...] = ()
    first: bool = False
    same_tree: bool = False  # not even the build's id differs

    def of(self, kind: Kind) -> tuple[Change, ...]:
        """Return the changes of one kind."""
        return tuple(change for change in self.changes if change.kind == kind)

    @property
    def counts(self) -> tuple[int, int, int]:
        """Count added, changed and removed addresses, without panels."""
        kinds: tuple[Kind, ...] = ("added", "changed", "removed")
        added, changed, removed = (sum(not each.panel for each in self.of(kind)) for kind in kinds)
        return added, changed, removed

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        changes = [asdict(each) for each in self.changes]
        return {"first": self.first, "same_tree": self.same_tree, "changes": changes}


def difference_of(values: Mapping[str, Any]) -> Difference:
    """Read what `as_json` returned."""
    changes: Iterable[Mapping[str, Any]] = values["changes"]
    return Difference(tuple(Change(**each) for each in changes), values["first"], values["same_tree"])


def blobs_of(build: Path, algorithm: str = "sha1") -> dict[str, Blob]:
    """Return the files of a built folder with the ids that git will give them."""
    found = {}
    base = len(str(build)) + 1
    for folder, _, names in os.walk(build):
        for name in names:
            place = os.path.join(folder, name)  # noqa: PTH118  (thousands of files)
            with open(place, "rb") as file:  # noqa: PTH123
                data = file.read()
                runs = os.fstat(file.fileno()).st_mode & 0o111
            hasher = hashlib.new(algorithm, b"blob %d\0" % len(data), usedforsecurity=False)
            hasher.update(data)
            path = place[base:].replace(os.sep, "/")
            found[path] = Blob(hasher.hexdigest(), "100755" if runs else "100644", len(data))
    return found


def address_of(path: str) -> str:
    """Return the address below the base path at which a host shows a file."""
    folder, _, name = path.rpartition("/")
    return f"/{folder}/" if folder and name == "index.html" else "/" if path == HOME else f"/{path}"


@dataclass(frozen=True, slots=True)
class Sides:
    """The two builds that are compared: their files, and how to read them."""

    old: Mapping[str, Blob]
    new: Mapping[str, Blob]
    read_old: Callable[[str], bytes]  # by path
    read_new: Callable[[str], bytes]


def compare(sides: Sides, about: Mapping[str, tuple[str, str]], *, first: bool) -> Difference:
    """Compare two builds; `about` tells the content file and the row of a path of the new one."""
    old, new = sides.old, sides.new
    changes = []
    for path in sorted(old.keys() | new.keys(), key=lambda each: (not each.endswith(".html"), each)):
        before, after = old.get(path), new.get(path)
        if before is not None and after is not None and before.id == after.id:
            continue
        if path == HOME and before and after and _alike(sides):
            continue  # nothing but the build's id
        kind: Kind = "added" if before is None else "removed" if after is None else "changed"
        source, row = about.get(path, ("", ""))
        changes.append(
            Change(
                kind, address_of(path), path, after.size if after else 0, before.size if before else 0,
                source, row, after.id if after else "", before.id if before else "",
            )
        )  # fmt: skip
    homes = [each.path for each in changes if _LANGUAGE_HOME.fullmatch(each.path)]
    panels = [panel for path in homes for panel in _panel_changes(path, sides, about)]
    same = old.keys() == new.keys() and all(old[path].id == new[path].id for path in new)
    return Difference((*changes, *panels), first, same and not first)


def _alike(sides: Sides) -> bool:
    return without_stamp(sides.read_old(HOME)) == without_stamp(sides.read_new(HOME))


_LANGUAGE_HOME = re.compile(r"(?:[a-z]{2,3}(?:-[a-z0-9]+)*/)?index\.html", re.IGNORECASE)
_PANEL = re.compile(
    r"<(?:section|article)\b(?=[^>]*\sclass=[\"']?(?:[^\"'>]*\s)?panel[\s\"'>])[^>]*\sid=[\"']?([^\"'\s>]+)"
)
_END = re.compile(r"</main>")


def panels_of(page: bytes) -> dict[str, str]:
    """Return the panels of a home page, by their ids, with their HTML."""
    import html

    text = page.decode("utf-8", "replace")
    starts = list(_PANEL.finditer(text))
    end = _END.search(text, starts[-1].end()) if starts else None
    ends = [*(match.start() for match in starts[1:]), end.start() if end else len(text)]
    return (
        {html.unescape(m[1]): text[m.start() : stop] for m, stop in zip(starts, ends, strict=True)}
        if starts
        else {}
    )


def _panel_changes(path: str, sides: Sides, about: Mapping[str, tuple[str, str]]) -> list[Change]:
    """Compare the panels of a home page."""
    old = panels_of(sides.read_old(path)) if path in sides.old else {}
    after = sides.read_new(path) if path in sides.new else b""
    new = panels_of(after)
    # An alias of a panel's page keeps its old name alive inside of the panel.
    kept = {identity for identity in old.keys() - new.keys() if f'id="{identity}"'.encode() in after}
    root = address_of(path)
    found = []
    for identity in sorted((old.keys() | new.keys()) - kept):
        before, now = old.get(identity), new.get(identity)
        if before == now:
            continue
        kind: Kind = "added" if before is None else "removed" if now is None else "changed"
        page = about.get(f"{root[1:]}{identity}/index.html", ("", ""))[0]
        found.append(
            Change(
                kind,
                f"{root}#{identity}",
                path,
                len((now or "").encode()),
                len((before or "").encode()),
                page,
                "Panels",
            )
        )
    return found
