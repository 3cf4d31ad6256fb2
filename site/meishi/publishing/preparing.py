"""Prepare a publication from here: look at what is published, build, compare, and close gates."""

from __future__ import annotations

from dataclasses import dataclass

from meishi.config import SiteConfig
from meishi.content.library import load_library
from meishi.errors import PublishError
from meishi.publishing.branch import Blob, Branch
from meishi.publishing.building import BrokenLinksError, Built, build_site
from meishi.publishing.checking import base_url_gate, drafts_gate, links_gate, moved_gate, vanished_gate
from meishi.publishing.difference import Difference, Sides, blobs_of, compare
from meishi.publishing.gates import Gate, allowed
from meishi.publishing.git import Git
from meishi.publishing.job import PublishOptions
from meishi.publishing.journal import Journal
from meishi.publishing.last import LastPublication, load_last, pending_in
from meishi.publishing.planning import Plan
from meishi.publishing.press import Press
from meishi.publishing.publication import Publication
from meishi.publishing.vanishing import vanished


@dataclass(frozen=True, slots=True)
class Prepared:
    """A plan, and what is needed to carry it out; `built` is None if the build failed at its gate."""

    plan: Plan
    branch: Branch
    tip: str
    built: Built | None
    blobs: dict[str, Blob]


def prepare(press: Press, options: PublishOptions, journal: Journal) -> Prepared:
    """Make the plan of a publication from here."""
    journal.begin("look")
    if gathered := press.gather():
        journal.write("log", gathered)
    config = press.config()
    branch = press.branch(config)
    branch.clear()
    tip = branch.fetch()
    published = branch.publication(tip) if tip else None
    _tell_published(journal, branch, published)
    source = source_of(branch.git)
    mine = tip == pending_in(press.folder)
    ahead = [] if mine else ahead_of(branch, tip, last_on(branch, press, tip), source)
    gates: list[Gate | None] = [moved_gate(ahead)]
    press.check_stop()
    journal.begin("freeze")
    built, blobs, difference = None, {}, Difference(first=not tip)
    try:
        built = build_site(press, journal, broken="links" in options.allow)
    except BrokenLinksError as error:
        gates.append(links_gate(error.errors))
    if built is not None:
        journal.begin("compare")
        blobs = checked_blobs(built, branch.git)
        old = branch.files(tip)
        sides = sides_of(branch, built, old, blobs)
        about = built.about()
        difference = compare(sides, about, first=not tip)
        gates.append(vanished_gate(vanished(difference, sides, about)))
        gates.append(base_url_gate(config, branch.remote, domain_in(branch, old), _domain(built, blobs)))
        gates.append(drafts_gate(config, press.clock(), load_library))
    plan = Plan(
        via="branch", remote=branch.remote.name, remote_url=branch.remote.shown, branch=branch.name,
        address=config.base_url, build=built.id if built else "", source=source, published=published,
        ahead=tuple(ahead), difference=difference,
        gates=tuple(allowed(gate, options.allow) for gate in gates if gate is not None),
        table=built.manifest.table if built else "", rows=built.manifest.rows if built else None,
    )  # fmt: skip
    return Prepared(plan, branch, tip, built, blobs)


def _tell_published(journal: Journal, branch: Branch, published: Publication | None) -> None:
    where = f"{branch.remote.name}/{branch.name} ({branch.remote.shown})"
    if published is None:
        journal.write("log", f"Nothing is published on {where} yet")
    else:
        when = f"{published.when:%Y-%m-%d %H:%M}"
        journal.write("log", f"Published on {where}: {published.id[:7]} of {when} by {published.author}")


def source_of(git: Git) -> str:
    """Return the commit of the content, "" before the first; a plus tells of changes that are in none."""
    commit = git.attempt("rev-parse", "--verify", "--quiet", "HEAD^{commit}").out.strip()
    if not commit:
        return ""
    changed = git.attempt("status", "--porcelain", "--untracked-files=normal", "--", ".").out.strip()
    return f"{commit}+" if changed else commit


def ahead_of(branch: Branch, tip: str, last: LastPublication | None, source: str) -> list[Publication]:
    """List what others published since this computer last did, and of which it lacks the content."""
    newest = branch.publication(tip) if tip else None
    if newest is None or (last is not None and last.commit == tip):
        return []
    head = source.rstrip("+")
    if newest.source and head:
        git = branch.git
        known = git.attempt("merge-base", "--is-ancestor", newest.source.rstrip("+"), head).code == 0
        # A plus: it was made from more than that commit. On a new computer that is all one can know.
        if known and (last is None or not newest.source.endswith("+")):
            return []
    if last is None:
        return [newest] if newest.source and head else []
    here = branch.git.attempt("cat-file", "-e", f"{last.commit}^{{commit}}").code == 0
    return branch.publications(tip, 20, until=last.commit if here else "")


def last_on(branch: Branch, press: Press, tip: str) -> LastPublication | None:
    """Return what this computer last published on this branch; the remote's address may be another by now."""
    last = load_last(press.folder)
    if last is None or last.branch != branch.name:
        return None
    if last.remote == branch.remote.shown or last.commit == tip:
        return last
    part = branch.git.attempt("merge-base", "--is-ancestor", last.commit, tip) if tip else None
    return last if part is not None and part.code == 0 else None


def checked_blobs(built: Built, git: Git) -> dict[str, Blob]:
    """Return the build's files; it must have what GitHub Pages needs to show all of them."""
    form = git.attempt("rev-parse", "--show-object-format").out.strip() or "sha1"
    blobs = blobs_of(built.folder, form)
    if ".nojekyll" not in blobs:
        raise PublishError(
            "the build has no .nojekyll, without which GitHub leaves files out",
            hint="Build it anew: python freeze.py --clean",
        )
    return blobs


def sides_of(branch: Branch, built: Built, old: dict[str, Blob], new: dict[str, Blob]) -> Sides:
    """Return what is published and what would be."""
    return Sides(
        old,
        new,
        lambda path: branch.blob(old[path].id) or b"",
        lambda path: (built.folder / path).read_bytes(),
    )


def domain_in(branch: Branch, files: dict[str, Blob]) -> str:
    """Return the domain that the published CNAME names."""
    data = branch.blob(files["CNAME"].id) if "CNAME" in files else None
    return (data or b"").decode("utf-8", "replace").strip()


def _domain(built: Built, blobs: dict[str, Blob]) -> str:
    return (built.folder / "CNAME").read_text(encoding="utf-8").strip() if "CNAME" in blobs else ""


def configured(config: SiteConfig, options: PublishOptions) -> str:
    """Return the way to publish: what was chosen, else what config.toml says."""
    return options.via or config.publish.via
