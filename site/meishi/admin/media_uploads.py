"""Taking the owner's files in: chosen, dropped or pasted, in the library and into a text."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from flask import Blueprint, abort, jsonify, redirect, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from meishi.admin.commit_notice import tell_notice
from meishi.admin.language import _, ngettext
from meishi.admin.media_shelves import Shelves
from meishi.admin.problems import wants_json
from meishi.admin.sentences import explained
from meishi.admin.shell import Shell
from meishi.admin.study import Study
from meishi.content.editing.paths import content_path
from meishi.content.media import destination, folder_for, markdown
from meishi.content.uploads import FILE_BYTES, received, too_large
from meishi.errors import MeishiError

#: A form around the files takes some bytes too.
_AROUND = 1_000_000


def register(blueprint: Blueprint, study: Study, shell: Shell, shelves: Shelves) -> None:
    """Add what takes files in."""

    @blueprint.post("/media/")
    def upload() -> Response:
        """Keep files: for a script one, answered with how a page shows it; for a form all that were chosen.

        Fields: `file`; `page`, the page below content/ that it is for, if any; `alt`, the picture in words.
        """
        json = wants_json()
        request.max_content_length = FILE_BYTES + _AROUND if json else None
        if json and (request.content_length or 0) > FILE_BYTES + _AROUND:
            raise too_large(PurePosixPath("file"), FILE_BYTES)
        files = [file for file in request.files.getlist("file") if file.filename]
        page = request.form.get("page", "")
        if page:
            page = content_path(page).as_posix()
        if json:
            if len(files) != 1:
                abort(400)
            return jsonify(_kept(study, shell, shelves, files[0], page))
        return _all_kept(study, shell, shelves, files, page)


def _kept(study: Study, shell: Shell, shelves: Shelves, file: FileStorage, page: str) -> dict[str, Any]:
    # One byte beyond the limit is enough to know.
    upload = received(file.filename or "", file.stream.read(FILE_BYTES + 1))
    name, saved = shelves.keep(folder_for(page, upload, study.source.current().library), upload)
    target = destination(name, page)
    alt = request.form.get("alt", "").strip()
    words = alt if upload.picture is not None else alt or upload.stem
    if saved is not None:
        tell_notice(shell, saved)
    return {
        "name": name.as_posix(),
        "file": name.name,
        "folder": name.parent.as_posix(),
        "destination": target,
        "url": quote(f"/{name.relative_to('static').as_posix()}") if name.parts[0] == "static" else "",
        "alt": alt,
        "width": upload.picture.width if upload.picture else None,
        "height": upload.picture.height if upload.picture else None,
        "size": len(upload.data),
        "picture": upload.picture is not None,
        "new": saved is not None,
        "markdown": markdown(target, words, picture=upload.picture is not None),
        "thumbnail": url_for("admin.thumbnail", name=name.as_posix()),
        "page": url_for("admin.media_file", name=name.as_posix()),
        "remove": url_for("admin.delete_file", name=name.as_posix()),
    }


def _all_kept(study: Study, shell: Shell, shelves: Shelves, files: list[FileStorage], page: str) -> Response:
    done = 0
    for file in files:
        try:
            _kept(study, shell, shelves, file, page)
            done += 1
        except MeishiError as error:
            shell.notify("error", explained(error))
    if done:
        shell.notify("good", ngettext("%(num)d file was added.", "%(num)d files were added.", done))
    elif not files:
        shell.notify("warning", _("No file was chosen."))
    return redirect(url_for("admin.media"), 303)
