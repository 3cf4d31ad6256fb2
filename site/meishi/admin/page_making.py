"""New pages: from an archetype, as a copy, as a translation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from meishi.admin.authorship import owner_of
from meishi.admin.commit_notice import tell_notice
from meishi.admin.language import _
from meishi.admin.page_choice import asked
from meishi.admin.page_families import Family, Member
from meishi.admin.page_freshness import source_of
from meishi.admin.page_places import (
    checked_name,
    copy_path,
    files_of,
    free_name,
    name_of,
    refuse_taken,
    translation_path,
)
from meishi.admin.shell import Shell
from meishi.admin.study import Study
from meishi.content.archetypes import Archetypes
from meishi.content.editing.fields import set_field
from meishi.content.editing.freshness import mark_translated
from meishi.content.editing.paths import content_path, inside
from meishi.content.pages import slugify
from meishi.content.sources import PAGE_ENDINGS
from meishi.errors import MeishiError
from meishi.web.folders import Folders

#: Fields that belong to one address: a copy has its own.
_OWN = ("url", "slug", "aliases", "translationKey")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the owner filled in for a new page."""

    title: str = ""
    name: str = ""
    section: str = ""
    language: str = ""
    kind: str = ""
    folder: bool = False


def register(blueprint: Blueprint, study: Study, shell: Shell) -> None:
    """Add the ways to make a page."""
    _add_new(blueprint, study, shell)
    _add_copies(blueprint, study, shell)


def _add_new(blueprint: Blueprint, study: Study, shell: Shell) -> None:
    @blueprint.get("/pages/new")
    def new_page() -> str:
        """Ask for a new page's title and place."""
        asked_for = request.args
        wish = Wish(section=asked_for.get("section", ""), language=asked_for.get("language", ""))
        return _form(study, wish, None)

    @blueprint.post("/pages/new")
    def make_page() -> Response:
        """Make a page from its archetype and open it."""
        form = request.form
        wish = Wish(
            title=form.get("title", "").strip(),
            name=form.get("name", "").strip(),
            section=form.get("section", "").strip(),
            language=form.get("language", ""),
            kind=form.get("kind", ""),
            folder=bool(form.get("folder")),
        )
        try:
            path = _make(study, wish, shell)
        except MeishiError as error:
            return make_response(_form(study, wish, error), 422)
        study.source.changed()
        return redirect(url_for("admin.edit", name=path.as_posix()), 303)


def _form(study: Study, wish: Wish, error: MeishiError | None) -> str:
    site = study.source.current()
    view = study.pages.view(site.library, study.now())
    folders = [group.folder for group in view.families.sections]
    return render_template(
        "admin/pages_new.html",
        wish=wish,
        error=error,
        sections=[group for group in view.families.sections if group.folder],
        known=wish.section in ("", *folders),
        languages=site.library.config.languages,
        kinds=_archetypes(study).kinds(),
    )


def _archetypes(study: Study) -> Archetypes:
    config = study.source.current().library.config
    folders = Folders(study.root, study.home, config.theme).of("archetypes")
    return Archetypes(config, folders, study.now())


def _make(study: Study, wish: Wish, shell: Shell) -> PurePosixPath:
    library, archetypes = study.source.current().library, _archetypes(study)
    if wish.kind not in ("", *archetypes.kinds()):
        abort(400)
    name = wish.name or slugify(wish.title)
    if wish.section and name:
        name = f"{wish.section.strip('/')}/{name}"
    name = checked_name(library, name)
    refuse_taken(library, name)
    path = f"{name}/index.md" if wish.folder else f"{name}.md"
    files = archetypes.prepare(path, kind=wish.kind, language=wish.language)
    paths = [content_path(one) for one in files]
    author = owner_of(study.source)
    for number, (place, data) in enumerate(zip(paths, files.values(), strict=True)):
        if place.suffix.lower() in PAGE_ENDINGS:
            text = data.decode()
            if number == 0 and wish.title:
                text = set_field(text, "title", wish.title, place.as_posix())
            tell_notice(shell, study.desk.create(place, text, author))
        else:
            tell_notice(shell, study.desk.create(place, data, author))
    return paths[0]


def _add_copies(blueprint: Blueprint, study: Study, shell: Shell) -> None:
    @blueprint.get("/pages/duplicate")
    def ask_duplicate() -> str:
        """Ask where a copy is to go."""
        view, family = asked(study)
        return _copy_form(family, free_name(view.library, f"{name_of(family)}-copy"), None)

    @blueprint.post("/pages/duplicate")
    def duplicate() -> Response:
        """Copy a page in all its languages, with its pictures, as a draft."""
        _view, family = asked(study)
        typed = request.form.get("name", "")
        try:
            first = _copy(study, family, typed, shell)
        except MeishiError as error:
            return make_response(_copy_form(family, typed, error), 422)
        study.source.changed()
        shell.notify("good", _("Copied as a draft."))
        return redirect(url_for("admin.edit", name=first.as_posix()), 303)

    @blueprint.post("/pages/translate")
    def translate() -> Response:
        """Begin a translation: a copy, as a draft, that knows the version it was made from."""
        language, _space, path = request.form.get("translate", "").partition(" ")
        view = study.pages.view(study.source.current().library, study.now())
        family = view.families.by_path.get(content_path(path).as_posix())
        if family is None or language not in view.languages:
            abort(404)
        already = family.member(language)
        if already is not None:
            return redirect(url_for("admin.edit", name=already.path), 303)
        source = source_of(family) or family.members[0]
        to = translation_path(view.library, source, language)
        opened = study.desk.open(content_path(source.path))
        text = _without(opened.text, ("url", "aliases"), source.path)
        text = set_field(mark_translated(text, opened.version), "draft", True, to.as_posix())
        message = f"Begin content/{to} from content/{source.path}"
        tell_notice(shell, study.desk.create(to, text, owner_of(study.source), message))
        study.source.changed()
        shell.notify("note", _("The translation begins as a copy, and as a draft."))
        return redirect(url_for("admin.edit", name=to.as_posix()), 303)


def _copy_form(family: Family, name: str, error: MeishiError | None) -> str:
    if family.kind != "page":
        abort(404)
    return render_template("admin/pages_duplicate.html", family=family, name=name, error=error)


def _copy(study: Study, family: Family, typed: str, shell: Shell) -> PurePosixPath:
    if family.kind != "page":
        abort(404)
    library = study.source.current().library
    name = checked_name(library, typed)
    refuse_taken(library, name)
    author = owner_of(study.source)
    made: list[PurePosixPath] = []
    for member in family.own:
        place = copy_path(library, member, name)
        opened = study.desk.open(content_path(member.path))
        text = _as_copy(opened.text, member)
        message = f"Copy content/{member.path} to content/{place}"
        tell_notice(shell, study.desk.create(place, text, author, message))
        made.append(place)
    for old, new in _pictures(study, family, name).items():
        data = inside(study.root / "content", old).read_bytes()
        tell_notice(shell, study.desk.create(new, data, author))
    return made[0]


def _as_copy(text: str, member: Member) -> str:
    text = _without(text, _OWN, member.path)
    page = member.page
    if page is not None:
        text = set_field(text, "title", _("%(title)s (copy)", title=page.title), member.path)
    return set_field(text, "draft", True, member.path)


def _without(text: str, names: tuple[str, ...], path: str) -> str:
    for name in names:
        text = set_field(text, name, None, path)
    return text


def _pictures(study: Study, family: Family, name: str) -> Mapping[PurePosixPath, PurePosixPath]:
    """Map the files that lie in a page's folder to where their copies go."""
    library = study.source.current().library
    own = {member.path for member in family.own}
    found: dict[PurePosixPath, PurePosixPath] = {}
    for member in family.own:
        if member.file.kind != "bundle":
            continue
        folder, to = PurePosixPath(member.path).parent, copy_path(library, member, name).parent
        for path in files_of(library, folder):
            if path not in own:
                found[PurePosixPath(path)] = to / PurePosixPath(path).relative_to(folder).as_posix()
    return found
