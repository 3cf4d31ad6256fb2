"""Bare web and mail addresses become links, as on GitHub, and end where Japanese text begins."""

from __future__ import annotations

import re
from itertools import takewhile

from markdown_it.rules_inline.state_inline import StateInline

from meishi.content.japanese import is_cjk

_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?"
_TAIL = r"(?::[0-9]+)?(?:[/?#][^\s<>\"`\\^{|}\ufdd0]*)?"
_WEB = re.compile(rf"://({_HOST})({_TAIL})")
_WWW = re.compile(rf"www\.{_HOST}{_TAIL}", re.IGNORECASE)
_SCHEME = re.compile(r"(?:^|[^A-Za-z0-9])(https?)$", re.IGNORECASE)
_IN_ADDRESS = re.compile(r"[A-Za-z0-9/.@_-]")
_LOCAL = re.compile(r"[A-Za-z0-9.+_-]+$")
_MAIL = re.compile(r"@([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+)")
_ENTITY = re.compile(r"&[A-Za-z0-9]+;$")


def web_address(state: StateInline, silent: bool) -> bool:
    """Link https://… at its colon, and www.… at its first letter."""
    if silent or state.linkLevel > 0:
        return False
    src, pos = state.src, state.pos
    if src[pos] == ":":
        scheme = _SCHEME.search(state.pending[-6:]) if src.startswith("://", pos) else None
        found = _WEB.match(src, pos, state.posMax) if scheme else None
        if scheme is None or found is None:
            return False
        address = _trim(scheme[1] + found[0])
        state.pending = state.pending[: -len(scheme[1])]
        return _link(state, address, address, len(address) - len(scheme[1]))
    found = _WWW.match(src, pos, state.posMax) if src.startswith("www.", pos) else None
    if found is None or (pos and _IN_ADDRESS.match(src[pos - 1])):
        return False
    address = _trim(found[0])
    if address.count(".") < 2:
        return False
    return _link(state, "http://" + address, address, len(address))


def mail_address(state: StateInline, silent: bool) -> bool:
    """Link someone@example.com at its @."""
    if silent or state.linkLevel > 0:
        return False
    local = _LOCAL.search(state.pending)
    found = _MAIL.match(state.src, state.pos, state.posMax)
    if local is None or found is None or found[0][-1] in "-_":
        return False
    before = state.pending[: local.start()]
    if before.endswith(("/", "://")) or local[0].startswith("."):
        return False
    scheme = "mailto:" if before.lower().endswith("mailto:") else ""
    address = local[0] + found[0]
    state.pending = before[: len(before) - len(scheme)]
    return _link(state, "mailto:" + address, scheme + address, len(found[0]))


def _trim(address: str) -> str:
    """Cut what belongs to the sentence: Japanese text, closing punctuation, a bracket too many."""
    if not address.isascii():
        address = "".join(takewhile(lambda char: not is_cjk(char), address))
    while address:
        last = address[-1]
        if last == ";":
            entity = _ENTITY.search(address)
            address = address[: entity.start() if entity else -1]
        elif (
            last in "?!.,:*_~'\""
            or (last == ")" and address.count(")") > address.count("("))
            or (not last.isascii() and not last.isalnum())
        ):
            address = address[:-1]
        else:
            break
    return address


def _link(state: StateInline, address: str, text: str, length: int) -> bool:
    token = state.push("link_open", "a", 1)
    token.attrs = {"href": state.md.normalizeLink(address)}
    token.info = "auto"
    token = state.push("text", "", 0)
    token.content = text
    state.push("link_close", "a", -1)
    state.pos += length
    return True
