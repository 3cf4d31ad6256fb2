"""Renaming and moving pages: their files, their old addresses, and the links that lead to them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from meishi.admin.authorship import owner_of
from meishi.admin.commit_notice import tell_notice
from meishi.admin.language import _, ngettext
from meishi.admin.page_choice import asked
from meishi.admin.page_families import Family, Member
from meishi.admin.page_links import Link, links_to, named_in_menu
from meishi.admin.page_list import View
from meishi.admin.page_places import checked_name, moves_of, name_of, refuse_taken
from meishi.admin.page_relinking import relinked
from meishi.admin.shell import Shell
from meishi.admin.study import Study
from meishi.content.editing.errors import SavingError
from meishi.content.editing.fields import set_field
from meishi.content.editing.paths import content_path
from meishi.content.models import Page
from meishi.errors import MeishiError


@dataclass(frozen=True, slots=True)
class Wish:
    """What the owner filled in."""

    name: str
    aliases: bool = True
    links: bool = True


def register(blueprint: Blueprint, study: Study, shell: Shell) -> None:
    """Add renaming."""

    @blueprint.get("/pages/move")
    def ask_move() -> str:
        """Ask for a page's new name."""
        view, family = asked(study)
        return _form(study, view, family, Wish(name_of(family)), None)

    @blueprint.post("/pages/move")
    def move() -> Response:
        """Rename a page in all its languages."""
        view, family = asked(study)
        form = request.form
        wish = Wish(form.get("name", ""), bool(form.get("aliases")), bool(form.get("links")))
        try:
            path = _move(study, shell, view, family, wish)
        except MeishiError as error:
            return make_response(_form(study, view, family, wish, error), 422)
        return redirect(url_for("admin.page_actions", path=path), 303)


def _form(study: Study, view: View, family: Family, wish: Wish, error: MeishiError | None) -> str:
    if family.kind == "home":
        abort(404)
    links = links_to(study.source.current(), study.pages.texts, _all(view, family))
    return render_template(
        "admin/pages_move.html",
        family=family,
        wish=wish,
        error=error,
        links=[link for link in links if link.by_file],
        count=len(_moved_pages(view, family)),
        menu=named_in_menu(view.library, _all(view, family)),
    )


def _move(study: Study, shell: Shell, view: View, family: Family, wish: Wish) -> str:
    """Move the files, then mend what they leave behind; return the path of the first."""
    library = view.library
    if family.kind == "home":
        abort(404)
    name = checked_name(library, wish.name)
    if name == name_of(family):
        return family.path
    refuse_taken(library, name, but=family)
    if (named := named_in_menu(library, _all(view, family))) is not None:
        raise SavingError(
            f"config.toml names {named} in its menu, and could not be read without it",
            hint="Take it out of [[menus.main]] first",
        )
    author = owner_of(study.source)
    before = _moved_pages(view, family)
    links = [
        link
        for link in links_to(study.source.current(), study.pages.texts, _all(view, family))
        if link.by_file
    ]
    moved = study.desk.move(moves_of(library, family, name), author)
    shell.notify("good", _("Moved to %(name)s.", name=name))
    tell_notice(shell, moved)
    study.source.changed()
    names = {old.as_posix(): new.as_posix() for old, new in moved.files}
    if wish.links and links:
        _mend_links(study, shell, links, names)
        study.source.changed()
    if wish.aliases:
        _keep_addresses(study, shell, before, names)
        study.source.changed()
    return names.get(family.path, family.path)


def _all(view: View, family: Family) -> list[Member]:
    """List what moves along: the members with the same name, and all that a section holds."""
    own = list(family.own)
    if family.kind == "section":
        start = f"{family.section}/"
        for group in view.families.sections:
            if f"{group.folder}/".startswith(start):
                own += [member for one in group.families for member in one.members if member not in own]
    return own


def _moved_pages(view: View, family: Family) -> list[Page]:
    return [member.page for member in _all(view, family) if member.page and not member.page.link]


def _keep_addresses(study: Study, shell: Shell, before: list[Page], names: dict[str, str]) -> None:
    """Let the old addresses lead to the pages that moved."""
    library = study.source.current().library
    author, kept = owner_of(study.source), 0
    for old in before:
        page = library.by_path.get(names.get(old.path, ""))
        if page is None or page.address == old.address or old.address in page.aliases or old.draft:
            continue
        place = content_path(page.path)
        opened = study.desk.open(place)
        aliases = [alias for alias in (*page.aliases, old.address) if alias != page.address]
        text = set_field(opened.text, "aliases", aliases, page.path)
        message = f"Let {old.address} lead to content/{page.path}"
        tell_notice(shell, study.desk.save(place, text, opened.version, author, message))
        kept += 1
    if kept:
        shell.notify(
            "note",
            ngettext(
                "The old address leads to the new one.", "%(num)s old addresses lead to the new ones.", kept
            ),
        )


def _mend_links(study: Study, shell: Shell, links: list[Link], names: dict[str, str]) -> None:
    """Write the new file's name into the links of other pages."""
    author, mended, left = owner_of(study.source), 0, []
    for path in dict.fromkeys(link.page.path for link in links):
        own = [link for link in links if link.page.path == path]
        place = PurePosixPath(names.get(path, path))
        opened = study.desk.open(place)
        text, missed = relinked(opened.text, own, names)
        if text != opened.text:
            message = f"Follow the moved page in content/{place}"
            tell_notice(shell, study.desk.save(place, text, opened.version, author, message))
        mended += len(own) - len(missed)
        left += [f"{place}:{link.line}" for link in missed]
    if mended:
        shell.notify("note", ngettext("%(num)s link was mended.", "%(num)s links were mended.", mended))
    if left:
        places = ", ".join(left)
        shell.notify("warning", _("These links could not be mended by themselves: %(places)s", places=places))
