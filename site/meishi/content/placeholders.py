"""The placeholders of archetypes: what Hugo's people write in them, without Go's whole template language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from meishi.errors import ContentError

_PLACEHOLDER = re.compile(r"(\s*)\{\{-\s*(.*?)\s*\}\}|\{\{(?![<%])\s*(.*?)\s*\}\}", re.DOTALL)
_TRIMMED_AFTER = re.compile(r"\s*-\}\}\s*")
_TOKEN = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|`([^`]*)`|(\()|(\))|(\|)|([^\s"`()|]+))')
#: Go writes a date's form with this moment: Mon Jan 2 15:04:05 MST 2006.
_GO_DATE = re.compile(r"2006|January|Jan|Monday|Mon|01|02|03|04|05|06|15|1|2|3|PM|pm|Z07:00|-07:00|-0700|MST")
_MONTHS = "January February March April May June July August September October November December".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()

Function = Callable[..., str]


def filled(text: str, values: Mapping[str, str | datetime], name: str) -> str:
    """Put values in place of placeholders; `name` is the archetype's file, for errors."""
    # {{- and -}} swallow the white space beside them, as in Go.
    text = _TRIMMED_AFTER.sub(" }}", text)

    def put(found: re.Match[str]) -> str:
        expression = found[2] if found[2] is not None else found[3]
        if expression.startswith("/*"):
            return ""
        try:
            return _written(_Expression(expression, values).value())
        except (_UnknownError, IndexError, TypeError, ValueError) as error:
            reason = str(error) if isinstance(error, _UnknownError) else "it cannot be read"
            raise ContentError(
                f"the placeholder {{{{ {expression} }}}} is not known: {reason}",
                path=name,
                line=text.count("\n", 0, found.start()) + 1,
                hint="Known are .Name, .Title, .Date, .Section, .Lang, now.Format, replace, title, lower",
            ) from error

    return _PLACEHOLDER.sub(put, text)


class _UnknownError(Exception):
    """Say which word of a placeholder is not known."""


class _Expression:
    """Evaluate one placeholder: a value, a function with its arguments, or a pipeline of them."""

    def __init__(self, text: str, values: Mapping[str, str | datetime]) -> None:
        self._values = values
        self._tokens = _tokens(text)
        self._at = 0

    def value(self) -> str | datetime:
        """Return the value of the whole placeholder."""
        result = self._pipeline()
        if self._at < len(self._tokens):
            raise _UnknownError(self._tokens[self._at][1])
        return result

    def _pipeline(self) -> str | datetime:
        result = self._call(())
        while self._at < len(self._tokens) and self._tokens[self._at] == ("mark", "|"):
            self._at += 1
            result = self._call((result,))
        return result

    def _call(self, piped: tuple[str | datetime, ...]) -> str | datetime:
        kind, word = self._tokens[self._at]
        function = self._function(word.lower()) if kind == "word" else None
        more = self._at + 1 < len(self._tokens) and self._tokens[self._at + 1] not in (
            ("mark", "|"),
            ("mark", ")"),
        )
        if function is None or not (piped or more):
            if piped:
                raise _UnknownError(word)
            return self._operand()
        self._at += 1
        arguments: list[str | datetime] = []
        while self._at < len(self._tokens) and self._tokens[self._at] not in (("mark", "|"), ("mark", ")")):
            arguments.append(self._operand())
        return function(*arguments, *piped)

    def _function(self, word: str) -> Function | None:
        moment = self._values.get(word.removesuffix(".format").lstrip("."))
        if word.endswith(".format") and isinstance(moment, datetime):
            return lambda form: _dated(form, moment)
        return _FUNCTIONS.get(word)

    def _operand(self) -> str | datetime:
        kind, word = self._tokens[self._at]
        self._at += 1
        if kind == "text":
            return word
        if (kind, word) == ("mark", "("):
            result = self._pipeline()
            if self._tokens[self._at] != ("mark", ")"):
                raise _UnknownError(word)
            self._at += 1
            return result
        key = word.lower().removeprefix("page.").lstrip(".").removeprefix("page.")
        if kind == "word" and key in self._values:
            return self._values[key]
        raise _UnknownError(word)


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _UnknownError(text[at:])
        quoted, raw, left, right, pipe, word = match.groups()
        if word is not None:
            found.append(("word", word))
        elif left or right or pipe:
            found.append(("mark", left or right or pipe))
        else:
            found.append(("text", re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else raw))
        at = match.end()
    return found


def _written(value: str | datetime) -> str:
    return value if isinstance(value, str) else value.isoformat(timespec="seconds")


def titled(text: str) -> str:
    """Write each word with a capital; what has capitals already keeps them."""
    return re.sub(r"(^|\s)(\S)", lambda found: found[1] + found[2].upper(), text)


def _humanized(text: str) -> str:
    words = re.sub(r"[-_]+", " ", text).strip()
    return words[:1].upper() + words[1:]


def _replaced(text: str, old: str, new: str) -> str:
    return text.replace(old, new)


def _dated(form: str, moment: datetime) -> str:
    """Write a moment as Go does: dateFormat "2006-01-02"."""
    month, day, hour = _MONTHS[moment.month - 1], _DAYS[moment.weekday()], (moment.hour - 1) % 12 + 1

    def put(found: re.Match[str]) -> str:
        offset = moment.strftime("%z") or "+0000"
        zone = f"{offset[:3]}:{offset[3:]}"
        return {
            "2006": f"{moment.year:04}", "06": f"{moment.year % 100:02}",
            "January": month, "Jan": month[:3], "01": f"{moment.month:02}", "1": str(moment.month),
            "Monday": day, "Mon": day[:3], "02": f"{moment.day:02}", "2": str(moment.day),
            "15": f"{moment.hour:02}", "03": f"{hour:02}", "3": str(hour),
            "04": f"{moment.minute:02}", "05": f"{moment.second:02}",
            "PM": "AM" if moment.hour < 12 else "PM", "pm": "am" if moment.hour < 12 else "pm",
            "Z07:00": "Z" if offset == "+0000" else zone, "-07:00": zone, "-0700": offset,
            "MST": moment.tzname() or "UTC",
        }[found[0]]  # fmt: skip

    return _GO_DATE.sub(put, form)


_FUNCTIONS: Mapping[str, Function] = {
    "replace": _replaced,
    "strings.replace": _replaced,
    "title": titled,
    "strings.title": titled,
    "humanize": _humanized,
    "upper": str.upper,
    "strings.toupper": str.upper,
    "lower": str.lower,
    "strings.tolower": str.lower,
    "dateformat": _dated,
    "time.format": _dated,
}
