"""What the study says about publishing: its stages, its gates, how it ended and where it hangs."""

from __future__ import annotations

from dataclasses import dataclass

from meishi.admin.language import _, lazy_gettext, ngettext

STAGES = {
    "look": lazy_gettext("Look at what is published"),
    "freeze": lazy_gettext("Build the pages"),
    "compare": lazy_gettext("Compare"),
    "commit": lazy_gettext("Write the publication"),
    "push": lazy_gettext("Send it"),
    "build": lazy_gettext("Wait for the build on the other side"),
    "live": lazy_gettext("Wait until visitors see it"),
}


@dataclass(frozen=True, slots=True)
class GateWords:
    """A gate's title, what to do about it, and what letting it pass means."""

    title: str
    hint: str
    allow: str


GATES = {
    "links": GateWords(
        lazy_gettext("Links or pictures that lead nowhere"),
        lazy_gettext("Correct them in the pages below, then look again."),
        lazy_gettext("Publish with broken links"),
    ),
    "vanished": GateWords(
        lazy_gettext("Addresses that would vanish"),
        lazy_gettext(
            "Others may have linked to them. An alias leads visitors from the old address to the new page."
        ),
        lazy_gettext("Let them vanish"),
    ),
    "drafts": GateWords(
        lazy_gettext("Drafts that would go out"),
        lazy_gettext(
            "Drafts, or pages whose time has not come, are built because the settings say so "
            "(buildDrafts, buildFuture)."
        ),
        lazy_gettext("Publish the drafts"),
    ),
    "base_url": GateWords(
        lazy_gettext("The site's address does not fit where it is published"),
        lazy_gettext("Correct “Address of the public site” in the settings; links would be wrong otherwise."),
        lazy_gettext("Publish under this address"),
    ),
    "remote_moved": GateWords(
        lazy_gettext("Somebody else has published"),
        lazy_gettext(
            "These publications were not made here. Get their changes first, or what they wrote "
            "disappears from the site."
        ),
        lazy_gettext("Publish on top of theirs"),
    ),
    "uncommitted": GateWords(
        lazy_gettext("Files that are not committed"),
        lazy_gettext("They would stay here. Commit them, or save the pages once more."),
        lazy_gettext("Publish without them"),
    ),
}

_HANGS = {
    "push": lazy_gettext("The publication did not arrive at the remote."),
    "pages_build": lazy_gettext(
        "It has arrived. GitHub has not finished building it; this mostly takes a minute, now and then ten."
    ),
    "pages_failed": lazy_gettext("It has arrived, but GitHub could not build it."),
    "cache": lazy_gettext(
        "It has arrived, but the address still shows what was there before. Caches keep it for some minutes."
    ),
    "dns": lazy_gettext("It has arrived, but the name of the site leads nowhere, or elsewhere."),
    "certificate": lazy_gettext("It has arrived, but the certificate of the address is not right."),
    "unreachable": lazy_gettext("It has arrived, but nothing answers at the address."),
}


def gate_words(name: str) -> GateWords:
    """Return the words for a gate; one that nobody knows says its name."""
    return GATES.get(name) or GateWords(name, "", _("Let it pass"))


def hanging(hangs: str) -> str:
    """Say at which stage a publication hangs."""
    return str(_HANGS.get(hangs) or _("It has arrived, but the address does not show it yet."))


def ending(outcome: str, seconds: int) -> str:
    """Say in a few words how a job ended."""
    if outcome == "live":
        if seconds < 1:
            return _("Live at once")
        return ngettext("Live after one second", "Live after %(num)s seconds", seconds)
    return {
        "pushed": _("Sent"),
        "unchanged": _("Nothing to publish"),
        "looked": _("Looked"),
        "refused": _("Not published yet"),
        "failed": _("Not published"),
        "cancelled": _("Cancelled"),
        "hanging": _("Sent, but not seen yet"),
        "interrupted": _("Interrupted"),
    }.get(outcome, outcome)


def explanation(outcome: str) -> str:
    """Say what the ending means for visitors."""
    return {
        "live": _("Visitors see it now: the public address serves this build."),
        "pushed": _("The remote has it. Nobody waited to see it live."),
        "unchanged": _("What is published is what you have here."),
        "refused": _("Something has to be looked at first. Nothing was changed for visitors."),
        "failed": _("Nothing was changed for visitors."),
        "cancelled": _("Nothing was changed for visitors."),
        "interrupted": _(
            "The server or the machine stopped it. Visitors have either the old publication or "
            "the new one, never a mixture; look again to see which."
        ),
    }.get(outcome, "")


def hangs_at_the_domain(hangs: str) -> bool:
    """Tell whether the domain is what to look at."""
    return hangs in ("dns", "certificate", "unreachable")


def tone(outcome: str) -> str:
    """Name the colour of an ending."""
    tones = {"live": "good", "unchanged": "good", "pushed": "good", "looked": "note", "failed": "error"}
    return tones.get(outcome, "warning")
