"""The site's own domain: what is right and wrong about it, the way to one, and the records to enter."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from meishi.admin.commit_notice import tell_notice
from meishi.admin.domain_change import Change, change_address, current, remote_here
from meishi.admin.domain_look import last_look, look
from meishi.admin.language import _, chosen, lazy_gettext
from meishi.admin.sentences import explained
from meishi.admin.shell import Shell
from meishi.admin.study import Study
from meishi.errors import MeishiError
from meishi.publishing.domain.forms import FORMS, form_of, rows_of, text_of
from meishi.publishing.domain.names import Names, guessed_apex, host_of, is_own, shown
from meishi.publishing.domain.records import challenge_name, site_records
from meishi.publishing.domain.report import Check
from meishi.publishing.domain.words import language_of

#: The checks in groups, as the page shows them.
_GROUPS = (
    ("dns", ("domain", "address", "a", "aaaa", "cname", "wildcard", "caa", "challenge")),
    ("github", ("file", "pages")),
    ("visitors", ("certificate", "site", "https", "partner")),
)
#: What `host_of` advises, for the catalogue of words.
ADVICE = (
    lazy_gettext("A site at GitHub Pages has no port: leave it out"),
    lazy_gettext("Write it in Punycode, beginning with xn--, as your registrar shows it"),
    lazy_gettext("Write it like www.example.com"),
    lazy_gettext("This is GitHub's own name. Write the domain that you registered"),
)


def register(blueprint: Blueprint, study: Study, shell: Shell) -> None:
    """Add the pages of the domain."""
    _add_doctor(blueprint, study, shell)
    _add_wizard(blueprint, study, shell)

    @blueprint.get("/publish/domain/records")
    def domain_records() -> Response | str:
        """Show the records to enter, in the shape of the registrar's form."""
        names = _names(study)
        if names is None:
            return redirect(url_for("admin.use_domain"), 303)
        owner = remote_here(study).owner
        form, records = form_of(request.args.get("at", "")), site_records(names, owner)
        return render_template(
            "admin/domain_records.html",
            names=names,
            owner=owner,
            form=form,
            forms=FORMS,
            rows=rows_of(form, records, names.apex),
            text=text_of(form, records, names.apex),
            challenge=challenge_name(names.apex, owner),
            by_ci=study.source.current().library.config.publish.via == "push",
            remote=remote_here(study),
            shown=shown,
        )


def _add_doctor(blueprint: Blueprint, study: Study, shell: Shell) -> None:
    @blueprint.get("/publish/domain/")
    def domain() -> str:
        """Show how the domain stood at the last look."""
        address = current(study).base_url
        report = last_look(study)
        groups: list[tuple[str, list[Check]]] = []
        if report is not None:
            for name, ids in _GROUPS:
                groups.append((name, [check for check in report.checks if check.id in ids]))
        return render_template(
            "admin/domain.html",
            report=report,
            groups=groups,
            moved=report is not None and report.address != address,
            own=is_own(current(study).host),
            address=address,
            words=language_of(chosen()),
            shown=shown,
        )

    @blueprint.post("/publish/domain/look")
    def look_at_domain() -> Response:
        """Ask DNS, GitHub and the site; nothing changes by it."""
        try:
            look(study)
        except MeishiError as error:
            shell.notify("error", explained(error))
        return redirect(url_for("admin.domain"), 303)


def _add_wizard(blueprint: Blueprint, study: Study, shell: Shell) -> None:
    def page(typed: str = "", problem: MeishiError | None = None) -> str:
        return render_template(
            "admin/domain_use.html",
            typed=typed,
            problem=problem,
            address=current(study).base_url,
            own=is_own(current(study).host),
            remote=remote_here(study),
        )

    @blueprint.get("/publish/domain/use")
    def use_domain() -> str:
        """Ask for the domain."""
        host = current(study).host
        return page(shown(host) if is_own(host) else "")

    @blueprint.post("/publish/domain/use")
    def save_domain() -> Response | tuple[str, int]:
        """Write the domain into the settings: the build's file CNAME follows them."""
        typed = request.form.get("domain", "")
        back = request.form.get("back") is not None
        try:
            address = remote_here(study).address if back else f"https://{host_of(typed)}/"
            done = change_address(study, address)
        except MeishiError as error:
            return page(typed, error), 422
        _tell(shell, done)
        return redirect(url_for("admin.domain" if back else "admin.domain_records"), 303)


def _tell(shell: Shell, done: Change) -> None:
    for change in (done.saved, done.file):
        if change is not None:
            tell_notice(shell, change)
    shell.notify("good", _("The site's address is %(address)s now.", address=done.address))
    if done.file is not None:
        shell.notify("note", _("Your own file static/CNAME was changed with it."))


def _names(study: Study) -> Names | None:
    host = current(study).host
    if not is_own(host):
        return None
    host = host_of(host)
    report = last_look(study)
    # DNS knows better where the domain begins, if it was asked.
    return Names(host, report.apex if report is not None and report.host == host else guessed_apex(host))
