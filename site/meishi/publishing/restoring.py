"""Bring an earlier publication back, as a new publication upon the newest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meishi.errors import PublishError
from meishi.publishing.awaiting import Expected
from meishi.publishing.branch import Blob, Branch
from meishi.publishing.difference import Difference, Sides, compare
from meishi.publishing.journal import Outcome
from meishi.publishing.planning import Plan
from meishi.publishing.press import author_in
from meishi.publishing.publication import Publication, message_of
from meishi.publishing.stamp import HOME, stamp_of
from meishi.publishing.written import FILES, FOLDERS

if TYPE_CHECKING:
    from meishi.publishing.git import Git
    from meishi.publishing.publish import Publisher

#: Without these GitHub would forget the domain, or leave files out.
_KEPT = ("CNAME", ".nojekyll")


def restore(publisher: Publisher) -> Outcome:
    """Publish the files of an earlier publication again; the present domain stays."""
    press, options, journal = publisher.press, publisher.options, publisher.journal
    journal.begin("look")
    config = press.config()
    branch = press.branch(config)
    tip = branch.fetch()
    if (options.via or config.publish.via) == "push":
        old = _found(branch, tip or branch.kept_tip(), options.restore)
        raise _built_by_ci(way_back(branch.git, old.source))
    old = _found(branch, tip, options.restore)
    journal.begin("compare")
    now, then = branch.files(tip), branch.files(old.id)
    kept = {path: now[path] for path in _KEPT if path in now and now[path].id != _id(then, path)}
    tree = branch.tree_with(old.tree, kept) if kept else old.tree
    difference = difference_between(branch, now, {**then, **kept})
    published = branch.publication(tip)
    plan = Plan(
        via="branch", remote=branch.remote.name, remote_url=branch.remote.shown, branch=branch.name,
        address=config.base_url, build=old.build, source=old.source, published=published, ahead=(),
        difference=difference, gates=(), table=old.table,
    )  # fmt: skip
    ended = publisher.judge(plan, nothing=difference.same_tree)
    if ended is not None:
        return ended
    journal.begin("commit")
    subject = options.message or f"Restore the publication of {old.when:%Y-%m-%d %H:%M}"
    message = message_of(
        subject,
        table=old.table,
        build=old.build,
        source=old.source,
        restores=old.id,
        changes=difference.counts,
    )
    commit = branch.commit_tree(tree, tip, message, options.author or author_in(branch.git))
    publication = publisher.push(branch, commit)
    # What was written since is not published any more: nobody knows any more what the old build was made of.
    publisher.remember(branch, commit, old.build, {}, {})
    page = branch.blob(then[HOME].id) if HOME in then else None
    stamped = page is not None and stamp_of(page) == old.build
    expected = Expected(old.build, None if stamped else page)
    return publisher.wait(config.base_url, expected, branch, publication)


def _found(branch: Branch, tip: str, identity: str) -> Publication:
    """Find the publication to bring back among those that led to the tip."""
    if not tip and branch.kept_tip():
        kept = find_publication(branch, branch.kept_tip(), identity)
        raise _built_by_ci(way_back(branch.git, kept.source) if kept else "")
    if not tip:
        raise PublishError("nothing is published yet", hint="Publish first")
    found = find_publication(branch, tip, identity)
    if found is None:
        raise PublishError(
            f"there is no publication {identity}", hint="`flask publications` lists them with their ids"
        )
    return found


def way_back(git: Git, source: str) -> str:
    """Return the command that brings back what the owner had written for a publication; "" if git has it not.

    A restored file is one that changed: the next publication by push commits it, upon all that was since.
    """
    commit = source.rstrip("+")
    names = git.attempt("ls-tree", "--name-only", commit, *FOLDERS, *FILES).out.split() if commit else []
    return f"git restore --source={commit[:10]} {' '.join(names)}" if names else ""


def _built_by_ci(command: str) -> PublishError:
    return PublishError(
        "CI builds this site from its content, so an old build cannot be published again",
        hint=f"To go back: {command or 'git revert COMMIT'}, then flask publish",
    )


def find_publication(branch: Branch, tip: str, identity: str) -> Publication | None:
    """Find a publication by its commit, the beginning of it, or its build's id."""
    if len(identity) < 4 or not all(sign in "0123456789abcdef" for sign in identity.lower()):
        return None
    wanted = identity.lower()
    for each in branch.publications(tip, 10_000):
        if each.id.startswith(wanted) or (each.build and each.build.startswith(wanted)):
            return each
    return None


def difference_between(branch: Branch, old: dict[str, Blob], new: dict[str, Blob]) -> Difference:
    """Compare two publications."""
    sides = Sides(
        old, new, lambda path: branch.blob(old[path].id) or b"", lambda path: branch.blob(new[path].id) or b""
    )
    return compare(sides, {}, first=not old)


def _id(files: dict[str, Blob], path: str) -> str:
    return files[path].id if path in files else ""
