"""The history of a page: what each save changed, and the way back to any of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from meishi.admin.authorship import owner_of
from meishi.admin.language import _
from meishi.admin.shell import Shell
from meishi.admin.study import Study
from meishi.content.editing.history import Row, diff
from meishi.content.editing.paths import content_path

#: Unchanged lines that are shown around a change.
AROUND = 3


@dataclass(frozen=True, slots=True)
class Fold:
    """Unchanged lines that are left out."""

    lines: int


def register(blueprint: Blueprint, study: Study, shell: Shell) -> None:
    """Add the history."""

    @blueprint.get("/history/<path:name>")
    def history(name: str) -> str:
        """List the versions of a file, and show what one of them changed."""
        path = content_path(name)
        versions = study.desk.versions(path)
        chosen = request.args.get("version") or (versions[0].id if versions else "")
        against = request.args.get("against", "before")
        text = study.desk.past(path, chosen) if chosen else None
        if chosen and text is None:
            abort(404)
        other = _other(study, path, [version.id for version in versions], chosen, against)
        return render_template(
            "admin/history.html",
            path=path.as_posix(),
            versions=versions,
            chosen=chosen,
            against=against,
            rows=folded(diff(other, text)) if text is not None else [],
            base=study.desk.open(path).version,
        )

    @blueprint.post("/history/<path:name>")
    def bring_back(name: str) -> Response:
        """Save an old version as the newest one."""
        path, chosen = content_path(name), request.form.get("version", "")
        text = study.desk.past(path, chosen)
        if text is None:
            abort(404)
        opened = study.desk.open(path)
        when = next((one.when for one in study.desk.versions(path) if one.id == chosen), None)
        message = f"Restore content/{path}" + (f" as of {when:%Y-%m-%d %H:%M}" if when else "")
        study.desk.save(path, text, opened.version, owner_of(study.source), message)
        study.source.changed()
        shell.notify(
            "good", _("The old version is the newest one now; the one before it stays in the history.")
        )
        return redirect(url_for("admin.edit", name=name), 303)


def _other(study: Study, path: PurePosixPath, versions: list[str], chosen: str, against: str) -> str:
    """Return the text to compare with: the version before, or the one of today."""
    if against == "now":
        return study.desk.open(path).text
    place = versions.index(chosen) + 1 if chosen in versions else len(versions)
    return (study.desk.past(path, versions[place]) or "") if place < len(versions) else ""


def folded(rows: list[Row]) -> list[Row | Fold]:
    """Leave out unchanged lines far from any change."""
    changed = [number for number, row in enumerate(rows) if row.kind != "same"]
    near = {number + step for number in changed for step in range(-AROUND, AROUND + 1)}
    out: list[Row | Fold] = []
    skipped = 0
    for number, row in enumerate(rows):
        if number in near:
            if skipped:
                out.append(Fold(skipped))
                skipped = 0
            out.append(row)
        else:
            skipped += 1
    return [*out, Fold(skipped)] if skipped else out
