"""Publish by pushing what was written: CI builds it, and this computer only checks that it can be built."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from meishi.content.editing.git import Author
from meishi.content.library import load_library
from meishi.errors import PublishError
from meishi.publishing.awaiting import Expected
from meishi.publishing.branch import Branch
from meishi.publishing.building import BrokenLinksError, Built, build_site
from meishi.publishing.checking import (
    base_url_gate,
    behind_gate,
    drafts_gate,
    links_gate,
    uncommitted_gate,
    vanished_gate,
)  # fmt: skip
from meishi.publishing.difference import Difference, compare
from meishi.publishing.gates import Gate, allowed
from meishi.publishing.git import Git
from meishi.publishing.journal import Outcome
from meishi.publishing.last import sources_of
from meishi.publishing.planning import Plan
from meishi.publishing.preparing import checked_blobs, domain_in, sides_of
from meishi.publishing.press import author_in
from meishi.publishing.publication import message_of
from meishi.publishing.stamp import HOME
from meishi.publishing.vanishing import vanished
from meishi.publishing.written import FILES, FOLDERS

if TYPE_CHECKING:
    from meishi.publishing.publish import Publisher

#: What the owner writes: committed with a publication. Anything else that changed is shown first.
_WRITTEN = (*(f"{name}/" for name in FOLDERS), *FILES)


@dataclass(frozen=True, slots=True)
class Checkout:
    """The branch that is checked out, beside the remote's."""

    branch: Branch
    tip: str  # the remote's
    behind: tuple[str, ...]  # subjects
    ahead: tuple[str, ...]
    written: tuple[str, ...]  # files that changed and will be committed, from the site's folder
    others: tuple[str, ...]  # files that changed and will not


def publish_by_push(publisher: Publisher) -> Outcome:
    """Commit the content, push the branch, and wait until CI has published the build."""
    press, options, journal = publisher.press, publisher.options, publisher.journal
    journal.begin("look")
    if gathered := press.gather():
        journal.write("log", gathered)
    pages = press.branch(press.config())
    pages.clear()
    checkout = _checkout(pages)
    if checkout.behind and "remote_moved" in options.allow and not options.dry_run:
        _merge(pages.git, checkout)
        checkout = _checkout(pages)
    # With Travis the build comes back on gh-pages; with GitHub Actions only this computer keeps it.
    published = pages.fetch() or pages.kept_tip()
    press.check_stop()
    journal.begin("freeze")
    try:
        built: Built | None = build_site(press, journal, broken="links" in options.allow)
        links: Gate | None = None
    except BrokenLinksError as error:
        built, links = None, links_gate(error.errors)
    plan = _planned(publisher, pages, checkout, published, built, links)
    ended = publisher.judge(plan, nothing=not checkout.ahead and not checkout.written)
    if ended is not None:
        return ended
    assert built is not None
    author = options.author or author_in(pages.git)
    commit = _committed(publisher, checkout, author)
    press.check_stop()
    journal.begin("push")
    checkout.branch.push(commit, lambda what, done, total: publisher.progress(done, total, what), hooks=True)
    journal.write("log", f"Pushed to {checkout.branch.remote.name}/{checkout.branch.name}")
    journal.write("pushed", commit=commit)
    message = message_of(
        "Built by CI", table=plan.table, build=built.id, source=commit, changes=plan.difference.counts
    )
    pages.keep(pages.commit_build(built.folder, pages.kept_tip(), message, author))
    digests = sources_of(built.manifest)
    publisher.remember(checkout.branch, commit, built.id, digests, built.manifest.addresses, "push")
    expected = Expected(built.id, None if built.stamped else (built.folder / HOME).read_bytes())
    return publisher.wait(plan.address, expected, pages, None, commit)


def _checkout(pages: Branch) -> Checkout:
    """Look at the branch that is checked out, and ask for the remote's."""
    git = pages.git
    name = git.attempt("symbolic-ref", "--quiet", "--short", "HEAD").out.strip()
    if not name:
        raise PublishError("no branch is checked out, so none can be pushed", hint="Run `git switch main`")
    if name == pages.name:
        hint = "Run `git switch main`, or set another `branch` in [publish]"
        raise PublishError(f"the branch {name}, which holds the build, is checked out", hint=hint)
    branch = replace(pages, name=name)
    tip = branch.fetch()
    head = git.attempt("rev-parse", "--verify", "--quiet", "HEAD^{commit}").out.strip()
    ahead = _subjects(git, head, tip) if head else ()
    behind = _subjects(git, tip, head) if tip and head else ()
    written, others = _changed(git)
    return Checkout(branch, tip, behind, ahead, written, others)


def _merge(git: Git, checkout: Checkout) -> None:
    """Merge the remote's commits, as the owner allowed; what clashes is left to the owner."""
    done = git.attempt("merge", "--no-edit", "--no-gpg-sign", "--quiet", checkout.tip)
    if done.code:
        git.attempt("merge", "--abort")
        where = f"{checkout.branch.remote.name} {checkout.branch.name}"
        raise PublishError(
            f"the commits of {where.replace(' ', '/')} do not merge by themselves: {done.complaint}",
            hint=f"Merge them: git pull --no-rebase {where}",
        )


def _subjects(git: Git, commit: str, without: str) -> tuple[str, ...]:
    chosen = [commit, *([f"^{without}"] if without else [])]
    return tuple(git.ask("log", "--format=%s", "--max-count=200", *chosen, "--").splitlines())


def _changed(git: Git) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """List what changed in the site's folder: what is the owner's text, and what is not."""
    # Names are given from the top of the checkout, which may lie above the site.
    prefix = git.ask("rev-parse", "--show-prefix").strip("\n")
    status = git.ask("status", "--porcelain", "-z", "--untracked-files=all", "--no-renames", "--", ".")
    names = [entry[3:].removeprefix(prefix) for entry in status.split("\0") if entry]
    hidden = git.ask("ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--", "content").split(
        "\0"
    )
    ignored = [name for name in hidden if name.endswith((".md", ".markdown"))]
    written = tuple(name for name in names if name.startswith(_WRITTEN))
    return written, tuple([name for name in names if not name.startswith(_WRITTEN)] + ignored)


def _planned(
    publisher: Publisher,
    pages: Branch,
    checkout: Checkout,
    published: str,
    built: Built | None,
    links: Gate | None,
) -> Plan:
    """Compare the build with what is published, as far as that is known, and close gates."""
    press, options = publisher.press, publisher.options
    config = press.config()
    branch = checkout.branch
    gates = [
        links,
        behind_gate(checkout.behind, branch.remote, branch.name),
        uncommitted_gate(checkout.others),
    ]
    difference = Difference(first=not published)
    if built is not None:
        publisher.journal.begin("compare")
        blobs = checked_blobs(built, pages.git)
        old = pages.files(published)
        sides, about = sides_of(pages, built, old, blobs), built.about()
        difference = compare(sides, about, first=not published)
        domain = (built.folder / "CNAME").read_text(encoding="utf-8").strip() if "CNAME" in blobs else ""
        gates.append(vanished_gate(vanished(difference, sides, about)))
        gates.append(base_url_gate(config, branch.remote, domain_in(pages, old), domain))
        gates.append(drafts_gate(config, press.clock(), load_library))
    head = pages.git.attempt("rev-parse", "--verify", "--quiet", "HEAD^{commit}").out.strip()
    return Plan(
        via="push", remote=branch.remote.name, remote_url=branch.remote.shown, branch=branch.name,
        address=config.base_url, build=built.id if built else "", source=head,
        published=pages.publication(published) if published else None, ahead=(), difference=difference,
        gates=tuple(allowed(gate, options.allow) for gate in gates if gate is not None),
        table=built.manifest.table if built else "", rows=built.manifest.rows if built else None,
        commits=checkout.ahead, files=checkout.written,
    )  # fmt: skip


def _committed(publisher: Publisher, checkout: Checkout, author: Author) -> str:
    """Commit what the owner wrote, and nothing else; return what goes out."""
    git, files = checkout.branch.git, checkout.written
    publisher.journal.begin("commit")
    if files:
        names = "\0".join(files)
        from_stdin = ("--pathspec-from-file=-", "--pathspec-file-nul")
        places = ("content", "static", "config.toml", "hugo.toml")
        known = git.ask("ls-files", "-z", "--", *places).split("\0")
        new = "\0".join(name for name in files if name not in set(known))
        if new:
            # Without content, so that nothing of the file is staged should the commit fail.
            git.ask("add", "--intent-to-add", *from_stdin, text=new)
        message = publisher.options.message or _message(files)
        git.ask(
            "-c", f"user.name={author.name}", "-c", f"user.email={author.email}", "commit", "--only",
            "--quiet", "--no-verify", "--no-gpg-sign", "-m", message, *from_stdin, text=names,
        )  # fmt: skip
        count = f"{len(files)} files" if len(files) > 1 else files[0]
        publisher.journal.write("log", f"Committed {count}")
    return git.ask("rev-parse", "HEAD").strip()


def _message(files: tuple[str, ...]) -> str:
    shown = ", ".join(files[:3])
    return f"Publish {shown}" + (f" and {len(files) - 3} more" if len(files) > 3 else "")
