"""A report as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from meishi.publishing.domain.names import shown
from meishi.publishing.domain.report import Check, Report
from meishi.publishing.domain.words import Language

#: Each level's mark and its colour.
MARKS = {
    "good": ("ok", "green"), "note": ("note", "cyan"), "wait": ("wait", "cyan"), "unknown": ("-", ""),
    "warning": ("warning", "yellow"), "error": ("error", "red"),
}  # fmt: skip
_LABELS = {"en": ("found", "expected"), "ja": ("現在", "正しい値")}
_END = {
    "en": ("All is well.", "{count} of {all} checks want something."),
    "ja": ("すべて問題ありません。", "{all} 件のうち {count} 件に対応が必要です。"),
}


def told(report: Report, language: Language) -> Iterator[tuple[str, str]]:
    """Yield lines and their colours."""
    name = shown(report.host)
    yield (f"{name} ({report.host})" if name != report.host else name), ""
    for check in report.checks:
        yield "", ""
        yield from _check(check, language)
    wanting = [check for check in report.checks if check.level in ("error", "warning", "wait")]
    fine, rest = _END[language]
    yield "", ""
    yield (rest.format(count=len(wanting), all=len(report.checks)) if wanting else fine), ""


def _check(check: Check, language: Language) -> Iterator[tuple[str, str]]:
    mark, colour = MARKS[check.level]
    yield f"{mark}: {check.title(language)}: {check.what(language)}", colour
    if check.level in ("good", "unknown") and not check.action(language):
        return
    for label, values in zip(_LABELS[language], (check.found, check.expected), strict=True):
        if values and check.level not in ("good", "unknown"):
            yield f"    {label}: {', '.join(values)}", ""
    if action := check.action(language):
        yield f"    → {action}", ""
    for line in check.zone_lines:
        yield f"        {line}", ""
