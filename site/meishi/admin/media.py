"""The library of pictures and files: what there is, where it is used, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from flask import (
    Blueprint,
    Response,
    abort,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from meishi.admin import media_uploads
from meishi.admin.authorship import owner_of
from meishi.admin.commit_notice import tell_notice
from meishi.admin.language import _, lazy_gettext, ngettext
from meishi.admin.media_shelves import Shelves, split
from meishi.admin.problems import wants_json
from meishi.admin.sentences import explained
from meishi.admin.settings_desk import settings_desk
from meishi.admin.shell import Shell
from meishi.admin.study import Study
from meishi.config.site import FILE_NAMES
from meishi.content.editing.paths import content_path
from meishi.content.media import Item, destination, markdown
from meishi.content.mentions import replaced, written_in
from meishi.content.uploads import FILE_BYTES, OTHER_ENDINGS, PICTURE_BYTES
from meishi.errors import ContentError, ImageError, MeishiError

#: So many files stand on one page of the library.
SHOWN = 120
#: Pixels: a card of the gallery on a sharp screen, and a file's own page.
_THUMBNAIL, _LARGE = 480, 1200


class MediaError(ContentError):
    """Reject a name for a file."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What of the library is looked at."""

    words: str
    kind: str  # "", "pictures", "files" or "unused"

    def has(self, item: Item) -> bool:
        """Tell whether a file belongs to it."""
        kinds = {"pictures": item.is_picture, "files": not item.is_picture, "unused": not item.mentions}
        name = item.name.casefold()
        return kinds.get(self.kind, True) and all(word in name for word in self.words.casefold().split())


def register(blueprint: Blueprint, study: Study, shell: Shell) -> None:
    """Add the library."""
    shell.add("media", lazy_gettext("Pictures"), order=30, key="i")
    shelves = Shelves(study)
    media_uploads.register(blueprint, study, shell, shelves)
    _add_library(blueprint, shelves)
    _add_thumbnails(blueprint, study, shelves)
    _add_changes(blueprint, study, shell, shelves)


def _add_library(blueprint: Blueprint, shelves: Shelves) -> None:
    @blueprint.get("/media/")
    def media() -> str:
        """Show every picture and file."""
        choice = Choice(request.args.get("q", "").strip(), request.args.get("show", ""))
        every = shelves.items()
        found = [item for item in every.values() if choice.has(item)]
        found.sort(key=lambda item: (item.modified, item.name), reverse=True)
        deleted = shelves.deleted()
        return render_template(
            "admin/media.html",
            choice=choice,
            items=found[:SHOWN] if request.args.get("all") is None else found,
            found=len(found),
            counts={kind: sum(Choice("", kind).has(one) for one in every.values()) for kind in _KINDS},
            deleted=deleted,
            gone=next((one for one in deleted if one.item.id == request.args.get("gone")), None),
            limit=FILE_BYTES,
            picture_limit=PICTURE_BYTES,
            accepted=",".join(("image/*", *(f".{ending}" for ending in OTHER_ENDINGS))),
        )

    @blueprint.get("/media/file/<path:name>")
    def media_file(name: str) -> str:
        """Show one file, and where it is used."""
        return _file_page(shelves.item(name))


_KINDS = ("", "pictures", "files", "unused")


def _file_page(
    item: Item, *, problem: MeishiError | None = None, typed: str = "", refused: bool = False
) -> str:
    name = PurePosixPath(item.name)
    shared = name.parts[0] == "static"
    # Beside a page, every page of the folder reaches it by its name alone.
    target = destination(name, "") if shared else name.name
    words = "" if item.picture is not None else name.stem
    return render_template(
        "admin/media_file.html",
        item=item,
        name=name,
        markdown=markdown(target, words, picture=item.is_picture),
        problem=problem,
        typed=typed,
        refused=refused,
        fixed=[source for source in item.sources if not _changeable(source)],
    )


def _add_thumbnails(blueprint: Blueprint, study: Study, shelves: Shelves) -> None:
    @blueprint.get("/media/thumbnail/<path:name>")
    def thumbnail(name: str) -> Response:
        """Answer with a small copy of a picture."""
        file = shelves.picture(name)
        pictures = study.source.current().pictures
        try:
            variants = pictures.variants(file, "/picture.png", small=True)
            least = _LARGE if "wide" in request.args else _THUMBNAIL
            wide = next((one for one in variants if one.width >= least), None)
            chosen = wide or (variants[-1] if variants else pictures.original(file, "/picture"))
            made = pictures.file(chosen)
        except ImageError:
            abort(404)
        return send_file(made, mimetype=chosen.mime)

    @blueprint.get("/media/original/<path:name>")
    def original(name: str) -> Response:
        """Answer with a file itself."""
        item = shelves.item(name)
        return send_file(item.file, as_attachment=not item.is_picture, download_name=item.file.name)


def _add_changes(blueprint: Blueprint, study: Study, shell: Shell, shelves: Shelves) -> None:
    @blueprint.post("/media/rename/<path:name>")
    def rename_file(name: str) -> BaseResponse:
        """Give a file another name, and write that into the texts that name it."""
        item = shelves.item(name)
        typed = request.form.get("to", "").strip()
        try:
            new = _new_name(item, typed)
            if new == item.file.name:
                return redirect(url_for("admin.media_file", name=item.name), 303)
            path = split(PurePosixPath(item.name))[1]
            tell_notice(shell, shelves.rename(item.name, path.with_name(new)))
        except MeishiError as error:
            return make_response(_file_page(item, problem=error, typed=typed), 422)
        changed = _rewrite(study, shell, item, new) if request.form.get("texts") else 0
        shell.notify("good", _renamed(new, changed))
        study.source.changed()
        renamed = PurePosixPath(item.name).with_name(new).as_posix()
        return redirect(url_for("admin.media_file", name=renamed), 303)

    @blueprint.post("/media/delete/<path:name>")
    def delete_file(name: str) -> BaseResponse:
        """Put a file into the trash; one that is used only if the owner has seen where."""
        item = shelves.item(name)
        if item.mentions and not request.form.get("used"):
            return make_response(_file_page(item, refused=True), 409)
        done = shelves.delete(item.name)
        if wants_json():
            return jsonify(deleted=item.name, id=done.item.id)
        tell_notice(shell, done)
        return redirect(url_for("admin.media", gone=done.item.id), 303)

    @blueprint.post("/media/restore/<shelf>/<identity>")
    def restore_file(shelf: str, identity: str) -> BaseResponse:
        """Bring a file back from the trash."""
        done = shelves.restore(shelf, identity)
        tell_notice(shell, done)
        shell.notify("good", _("%(name)s is back.", name=done.item.path.name))
        return redirect(url_for("admin.media"), 303)


def _new_name(item: Item, typed: str) -> str:
    """Check a name that the owner typed: it stays in its folder, and stays what it is."""
    path = content_path(typed)
    if len(path.parts) > 1:
        raise MediaError("a file's name has no folder in it", path=path, hint="Write the name alone")
    ending = item.file.suffix
    if path.suffix.lower() != ending.lower():
        raise MediaError(f"the name must end in {ending}", path=path, hint="The file stays of its kind")
    return path.name


def _rewrite(study: Study, shell: Shell, item: Item, new: str) -> int:
    """Write a file's new name into every text that can be saved; tell of those that could not."""
    settings = settings_desk(study)
    done = 0
    for source, mentions in item.sources.items():
        if not _changeable(source):
            continue
        inner = source.startswith("content/")
        desk = study.desk if inner else settings
        path = PurePosixPath(source.removeprefix("content/") if inner else source)
        try:
            opened = desk.open(path)
            # Line ends and marks may differ from the text that was searched.
            words = {mention.written for mention in mentions}
            places = (one for one in written_in(source, opened.text) if one.written in words)
            text = replaced(opened.text, places, new)
            saved = desk.save(path, text, opened.version, owner_of(study.source))
            tell_notice(shell, saved)
            done += text != opened.text
        except MeishiError as error:
            shell.notify("error", explained(error))
    return done


def _changeable(source: str) -> bool:
    """Tell pages and settings, whose words are the owner's, from templates, which are code."""
    return source.startswith("content/") or source in FILE_NAMES


def _renamed(new: str, changed: int) -> str:
    if not changed:
        return _("It is called %(name)s now.", name=new)
    return ngettext(
        "It is called %(name)s now, in %(num)d text too.",
        "It is called %(name)s now, in %(num)d texts too.",
        changed,
        name=new,
    )
