"""What GitHub has been told: by the file CNAME in what is published, and in its settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from meishi.errors import RemoteError
from meishi.publishing.domain.report import Check, Level
from meishi.publishing.domain.subject import Subject
from meishi.publishing.github_api import GitHub

#: States of a certificate in which GitHub is still at work.
_BUSY = frozenset(
    "new authorization_created authorization_pending authorized authorization_revoked issued uploaded"
    " dns_changed destroy_pending".split()
)


def check_file(subject: Subject, host: str) -> Check:
    """Compare the file CNAME of the published branch with the host."""
    if subject.by_ci:
        return Check("file", host, "good", "ci")
    if not subject.published:
        return Check("file", host, "unknown", "unpublished")
    if subject.cname_file is None:
        return Check("file", host, "error", "missing", (), (host,), values={"branch": subject.branch})
    found = subject.cname_file.strip()
    if found.lower() != host:
        return Check("file", host, "error", "other", (found,), (host,), values={"value": found})
    return Check("file", host, "good", "fine", (found,), (host,))


def check_setting(subject: Subject, host: str, github: GitHub | None) -> tuple[Check, bool]:
    """Compare GitHub's setting with the host; the second tells whether GitHub knows whose the domain is."""
    place = f"{subject.owner}/{subject.repository}"
    values = {"repository": place, "settings": f"https://github.com/{place}/settings/pages"}
    if not subject.owner:
        return Check("pages", host, "unknown", "unknown"), False
    if github is None:
        return Check("pages", host, "unknown", "no_token", values=values), False
    try:
        body = github.get(f"/repos/{place}/pages")
    except RemoteError as error:
        return Check("pages", host, "unknown", "failed", values={**values, "detail": error.message}), False
    if not isinstance(body, Mapping):
        return Check("pages", host, "error", "off", values=values), False
    return _judged(subject, host, body, values), body.get("protected_domain_state") == "verified"


def _judged(subject: Subject, host: str, body: Mapping[str, Any], values: dict[str, str]) -> Check:
    domain = str(body.get("cname") or "").lower()
    certificate = body.get("https_certificate") or {}
    state = str(certificate.get("state") or "")
    found = tuple(
        part
        for part in (domain, state and f"certificate: {state}",
                     f"HTTPS enforced: {'yes' if body.get('https_enforced') else 'no'}")
        if part
    )  # fmt: skip
    values = {**values, "value": domain, "state": state.replace("_", " ")}

    def check(level: Level, code: str) -> Check:
        return Check("pages", host, level, code, found, (host,), values=values)

    by_actions = body.get("build_type") == "workflow"
    if by_actions != subject.by_ci and body.get("build_type"):
        values["branch"] = subject.branch
        return check("error", "by_actions" if by_actions else "by_branch")
    source = body.get("source") or {}
    shown = f"{source.get('branch', '')} {source.get('path', '')}".strip()
    if not by_actions and shown and shown != f"{subject.branch} /":
        values |= {"value": shown, "branch": subject.branch}
        return check("error", "other_branch")
    if not domain:
        return check("error", "no_domain")
    if domain != host:
        return check("error", "other_domain")
    if body.get("status") == "errored":
        return check("error", "errored")
    if state in _BUSY:
        return check("wait", "certificate")
    return check("good", "fine") if body.get("https_enforced") else check("warning", "not_enforced")
