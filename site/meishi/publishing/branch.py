"""The published branch of a remote: its tip, its files, its commits. Nothing is checked out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from meishi.content.editing.git import Author
from meishi.errors import PublishError, RemoteError, RemoteMovedError
from meishi.publishing.git import Done, Git
from meishi.publishing.publication import BUILD, CHANGES, RESTORES, SOURCE, Publication, read_message
from meishi.publishing.remotes import Remote

#: Where a publication is made before it is pushed. Left over only by a kill; the next one clears it.
WORKING = "meishi-publishing"
#: Where builds are kept that CI publishes, a commit upon the other, for this computer alone.
KEPT = "refs/meishi/pushed"
_LOG = "%x1e%H%x1f%T%x1f%P%x1f%an%x1f%ae%x1f%aI%x1f%B"
_AWAY = re.compile(
    r"could not resolve host|unable to access|connection|timed out|hung up|could not read from remote"
    r"|early EOF|network|ssl",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"authentication failed|could not read (username|password)|permission|denied|\b40[13]\b|not authorized",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Blob:
    """A file of a commit."""

    id: str
    mode: str = "100644"
    size: int = 0


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch of a remote that holds a build at its top."""

    git: Git
    remote: Remote
    name: str

    @property
    def ref(self) -> str:
        """Return the ref under which this computer remembers the tip."""
        return f"refs/remotes/{self.remote.name}/{self.name}"

    def known_tip(self) -> str:
        """Return the tip as this computer last saw it, "" if it never did."""
        return self.git.attempt("rev-parse", "--verify", "--quiet", f"{self.ref}^{{commit}}").out.strip()

    def kept_tip(self) -> str:
        """Return the last build that CI was made to publish, as made here; "" if there is none."""
        return self.git.attempt(
            "rev-parse", "--verify", "--quiet", f"{KEPT}/{self.remote.name}^{{commit}}"
        ).out.strip()

    def keep(self, commit: str) -> None:
        """Keep a build that CI publishes: the next one is compared with it."""
        self.git.attempt("update-ref", f"{KEPT}/{self.remote.name}", commit)

    def remote_tip(self) -> str:
        """Ask the remote for the tip, "" if it has no such branch."""
        done = self.git.network(
            "ls-remote", "--heads", self.remote.name, f"refs/heads/{self.name}", timeout=120
        )
        if done.code:
            raise explained(done, self.remote)
        return done.out.partition("\t")[0].strip()

    def fetch(self) -> str:
        """Bring the remote's tip here, if it is not here yet; return it, "" if there is none."""
        tip = self.remote_tip()
        if tip and tip != self.known_tip():
            spec = f"+refs/heads/{self.name}:{self.ref}"
            done = self.git.network("fetch", "--quiet", "--no-tags", "--no-recurse-submodules",
                                    "--no-write-fetch-head", self.remote.name, spec)  # fmt: skip
            if done.code:
                raise explained(done, self.remote)
            tip = self.known_tip()
        return tip

    def files(self, commit: str) -> dict[str, Blob]:
        """Return the files of a commit by their paths."""
        if not commit:
            return {}
        found = {}
        for line in self.git.ask("ls-tree", "--full-tree", "-r", "-z", "--long", commit).split("\0"):
            facts, tab, path = line.partition("\t")
            parts = facts.split()
            if tab and parts[1] == "blob":
                found[path] = Blob(parts[2], parts[0], int(parts[3]))
        return found

    def blob(self, identity: str) -> bytes | None:
        """Read a blob."""
        return (
            self.git.bytes("cat-file", "blob", identity)
            if re.fullmatch(r"[0-9a-f]{40,64}", identity)
            else None
        )

    def publications(
        self, commit: str, limit: int = 100, skip: int = 0, until: str = ""
    ) -> list[Publication]:
        """List the publications that led to a commit, newest first, those after `until` alone."""
        if not commit:
            return []
        chosen = [commit, *([f"^{until}"] if until else [])]
        done = self.git.attempt("log", "--first-parent", f"--max-count={limit}", f"--skip={skip}",
                                f"--format={_LOG}", *chosen, "--")  # fmt: skip
        return [_publication(entry) for entry in done.out.split("\x1e") if entry.strip()]

    def publication(self, commit: str) -> Publication | None:
        """Return the publication that a commit is."""
        return next(iter(self.publications(commit, 1)), None)

    def commit_build(self, build: Path, tip: str, message: str, author: Author) -> str:
        """Commit a build upon the tip with ghp-import; return the commit. Only a push shows it."""
        from meishi.publishing.importing import import_build  # brings dateutil along

        return import_build(self.git, build, tip, message, author, WORKING)

    def commit_tree(self, tree: str, tip: str, message: str, author: Author) -> str:
        """Commit a tree that is there already upon the tip; return the commit."""
        named = ("-c", f"user.name={author.name or 'Meishi'}", "-c", f"user.email={author.email}")
        parents = ("-p", tip) if tip else ()
        return self.git.ask(
            *named, "commit-tree", "--no-gpg-sign", tree, *parents, "-F", "-", text=message
        ).strip()

    def tree_with(self, tree: str, others: Mapping[str, Blob]) -> str:
        """Return a tree with some files at its top replaced."""
        lines = self.git.ask("ls-tree", "--full-tree", "-z", tree).split("\0")
        kept = [line for line in lines if line and line.partition("\t")[2] not in others]
        fresh = [f"{blob.mode} blob {blob.id}\t{path}" for path, blob in others.items()]
        return self.git.ask("mktree", "-z", text="".join(f"{line}\0" for line in (*kept, *fresh))).strip()

    def push(
        self, commit: str, told: Callable[[str, int, int], None] | None = None, *, hooks: bool = False
    ) -> None:
        """Push a commit that stands on the tip. Never forced: if the branch moved, the remote refuses.

        The owner's hooks are about what they write, not about builds.
        """
        quiet = () if hooks else ("--no-verify",)
        done = self.git.network("push", "--porcelain", "--progress", *quiet, self.remote.name,
                                f"{commit}:refs/heads/{self.name}", told=told)  # fmt: skip
        if done.code:
            self._look_again(commit, done)
        self.git.attempt("update-ref", self.ref, commit)

    def _look_again(self, commit: str, done: Done) -> None:
        """Raise why a push failed, unless only the answer got lost and the commit is there."""
        try:
            tip = self.remote_tip()
        except PublishError:
            raise explained(done, self.remote) from None
        if tip == commit:
            return
        upon = self.git.attempt("rev-parse", "--verify", "--quiet", f"{commit}^").out.strip()
        if tip and tip != upon and not self._has(commit, tip):
            raise self._moved()
        raise explained(done, self.remote)

    def _has(self, commit: str, other: str) -> bool:
        """Tell whether another commit, that is here, is part of a commit's past."""
        return self.git.attempt("merge-base", "--is-ancestor", other, commit).code == 0

    def _moved(self) -> RemoteMovedError:
        self.fetch()
        other = self.publication(self.known_tip())
        verb = "published" if other is None or other.ours else "pushed"
        who = f"{other.author} {verb} at {other.when:%Y-%m-%d %H:%M}" if other else f"someone {verb}"
        return RemoteMovedError(
            f"{who}, while this publication was being made; it was not overwritten",
            hint="Publish again: the new publication is compared with theirs and stands upon it",
        )

    def clear(self) -> None:
        """Remove what a killed publication left."""
        self.git.attempt("update-ref", "-d", f"refs/heads/{WORKING}")


def explained(done: Done, remote: Remote) -> RemoteError:
    """Say in plain words why the remote did not do what it was asked."""
    said = f"{done.err}\n{done.out}"
    where = f"{remote.name} ({remote.shown})"
    refused = re.search(r"\[remote rejected\] \((.+?)\)", said)
    if refused or "remote rejected" in said:
        reason = refused[1] if refused else done.complaint
        remarks = [line[8:].strip() for line in done.err.splitlines() if line.startswith("remote: ")]
        detail = "; ".join(line for line in remarks if line)[:300]
        return RemoteError(
            f"{where} refused the push: {reason}{f' ({detail})' if detail else ''}",
            hint="Look at the rules of the branch, and publish again; what was published before stays",
        )
    if _DENIED.search(said):
        return RemoteError(
            f"{where} does not let you in: {done.complaint}",
            hint="Let git sign in: run `git fetch` in the site's folder once, add your key to the ssh agent, "
            "or set GITHUB_TOKEN in the environment",
        )
    if re.search(
        r"repository .*not found|does not appear to be a git repository|not exist", said, re.IGNORECASE
    ):
        return RemoteError(
            f"there is no repository at {remote.shown}, or you may not see it",
            hint=f"Make it, or correct the address: git remote set-url {remote.name} ADDRESS",
        )
    if _AWAY.search(said):
        return RemoteError(
            f"{where} could not be reached: {done.complaint}",
            hint="Look at the connection and publish again; what was published before stays",
        )
    return RemoteError(f"{where}: {done.complaint}", hint="Publish again when it is put right")


def _publication(entry: str) -> Publication:
    identity, tree, parents, author, email, when, message = entry.strip("\n").split("\x1f", 6)
    subject, trailers, table = read_message(message)
    counts: Sequence[str] = trailers.get(CHANGES, "").split()
    changes = None
    if len(counts) == 3 and all(each.isdigit() for each in counts):
        changes = (int(counts[0]), int(counts[1]), int(counts[2]))
    return Publication(
        id=identity, when=datetime.fromisoformat(when), author=author, email=email, subject=subject,
        tree=tree, parent=parents.partition(" ")[0], build=trailers.get(BUILD, ""),
        source=trailers.get(SOURCE, ""), restores=trailers.get(RESTORES, ""), table=table, changes=changes,
    )  # fmt: skip
