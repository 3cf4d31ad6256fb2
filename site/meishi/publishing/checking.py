"""Close the gates that have a reason to be closed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from meishi.config import SiteConfig
from meishi.errors import MeishiError
from meishi.publishing.gates import Finding, Gate
from meishi.publishing.publication import Publication
from meishi.publishing.remotes import Remote

if TYPE_CHECKING:
    from meishi.content.library import Library

#: Hosts that stand in the examples, and those that only this computer knows.
_EXAMPLES = ("example.org", "example.com", "example.net", "localhost")


def links_gate(errors: Iterable[MeishiError]) -> Gate:
    """Close the gate of broken links."""
    findings = tuple(
        Finding(
            str(error.message).rstrip(".") + (f". {error.hint}" if error.hint else "."),
            source=error.place.partition(":")[0], line=error.line,
        )
        for error in errors
    )  # fmt: skip
    count = f"{len(findings)} links or pictures lead" if len(findings) > 1 else "a link or picture leads"
    return Gate("links", f"{count} nowhere", "Correct them: `flask check` lists them, too", findings)


def vanished_gate(findings: Sequence[Finding]) -> Gate | None:
    """Close the gate of addresses that would vanish."""
    if not findings:
        return None
    count = f"{len(findings)} published addresses" if len(findings) > 1 else "a published address"
    hint = "Links to them from elsewhere would break: give the page that takes their place an alias"
    if any("#" in each.address for each in findings):
        hint += ", or put the panel back into the menu"
    return Gate("vanished", f"{count} would vanish", hint, tuple(findings))


def drafts_gate(config: SiteConfig, now: datetime, read: Callable[..., Library]) -> Gate | None:
    """Close the gate of drafts, which go out if config.toml says `buildDrafts = true`."""
    if not config.drafts:
        return None
    drafts = [page for page in read(config, now, tolerant=True).pages if page.draft and page.path]
    if not drafts:
        return None
    findings = tuple(Finding(f"“{page.title}” is a draft", page.address, page.path) for page in drafts)
    count = f"{len(drafts)} drafts" if len(drafts) > 1 else "a draft"
    return Gate(
        "drafts",
        f"{count} would go out",
        "Take `buildDrafts = true` out of config.toml, or `draft: true` out of the pages that are ready",
        findings,
    )  # fmt: skip


def base_url_gate(config: SiteConfig, remote: Remote, old_domain: str, new_domain: str) -> Gate | None:
    """Close the gate of a baseURL that the remote cannot serve, or that would lose the domain."""
    found = [*_fits(config, remote), *_keeps_domain(old_domain, new_domain, config)]
    if not found:
        return None
    hint = "Set baseURL in config.toml"
    if remote.pages_address:
        hint += f", to {remote.pages_address} or to the address of your own domain"
    return Gate("base_url", "baseURL does not fit", hint, tuple(found))


def _fits(config: SiteConfig, remote: Remote) -> Iterable[Finding]:
    host, path = config.host.lower(), config.base_path
    if not host:
        yield Finding("baseURL is empty: feeds, the sitemap and the domain need the whole address")
        return
    if host.removeprefix("www.") in _EXAMPLES or host.startswith("127."):
        yield Finding(f"baseURL is still {config.base_url}, which is not yours")
        return
    if not remote.on_github:
        return
    expected = urlsplit(remote.pages_address)
    if host.endswith(".github.io"):
        if host != expected.hostname or path.lower() != expected.path.rstrip("/").lower():
            yield Finding(
                f"{remote.shown} is shown at {remote.pages_address}, but baseURL is {config.base_url}: "
                "pictures, styles and links would not be found"
            )
    elif path and path.lower() != f"/{remote.repository.lower()}":
        yield Finding(f"GitHub shows a domain's site at /, but baseURL is {config.base_url}")


def _keeps_domain(old: str, new: str, config: SiteConfig) -> Iterable[Finding]:
    if old and not new:
        yield Finding(
            f"the published site is at {old}; with baseURL {config.base_url or '(empty)'} that domain would "
            "be lost, as the file CNAME would go"
        )


def moved_gate(ahead: Sequence[Publication]) -> Gate | None:
    """Close the gate of publications that someone else made meanwhile."""
    if not ahead:
        return None
    findings = tuple(
        Finding(f"{each.author} published at {each.when:%Y-%m-%d %H:%M}: {each.subject}", each.id)
        for each in ahead
    )
    return Gate(
        "remote_moved",
        "someone else published since you last did",
        "Get their content first (`git pull`), so that yours does not take it off the site; allow it if this "
        "computer has all of it",
        findings,
    )


def behind_gate(commits: Sequence[str], remote: Remote, branch: str) -> Gate | None:
    """Close the gate of commits that the remote has and this computer has not."""
    if not commits:
        return None
    count = f"{len(commits)} commits" if len(commits) > 1 else "a commit"
    return Gate(
        "remote_moved",
        f"{remote.name}/{branch} has {count} that this computer does not have",
        f"Get them first: git pull {remote.name} {branch}; or allow it, then they are merged if they can be",
        tuple(Finding(subject) for subject in commits),
    )


def uncommitted_gate(files: Sequence[str]) -> Gate | None:
    """Close the gate of changes that would stay behind when CI builds what is pushed."""
    if not files:
        return None
    count = f"{len(files)} changed files are" if len(files) > 1 else "a changed file is"
    return Gate(
        "uncommitted",
        f"{count} in no commit",
        "CI builds what git has: commit them, or allow it if they have nothing to do with the site",
        tuple(Finding(f"{file} is not committed", source=file) for file in files),
    )
