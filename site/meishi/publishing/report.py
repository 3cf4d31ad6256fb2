"""Hugo's table of a build: a row for each kind of file, a column for each language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

ROWS = (
    "Pages",
    "Paginator pages",
    "Non-page files",
    "Static files",
    "Processed images",
    "Aliases",
    "Sitemaps",
    "Cleaned",
)


def counts(
    files: Iterable[tuple[str, str]], languages: Iterable[str], cleaned: int
) -> dict[str, dict[str, int]]:
    """Count files, given as (row, language), for each language; one of no language counts for every one."""
    columns = tuple(languages) or ("en",)
    table = {row: dict.fromkeys(columns, 0) for row in ROWS}
    for row, language in files:
        counted = table.setdefault(row, dict.fromkeys(columns, 0))
        for column in (language,) if language in columns else columns:
            counted[column] += 1
    table["Cleaned"][columns[0]] += cleaned
    return table


def table(rows: Mapping[str, Mapping[str, int]]) -> str:
    """Draw the table as Hugo does."""
    languages = list(next(iter(rows.values())))
    heads = [language.upper() for language in languages]
    widths = [
        max(len(head), *(len(str(row[language])) for row in rows.values()))
        for head, language in zip(heads, languages, strict=True)
    ]
    first = max(len(name) for name in rows)
    lines = [
        " " * (first + 2) + "".join(f"│ {head:^{width}} " for head, width in zip(heads, widths, strict=True)),
        "─" * (first + 2) + "".join("┼─" + "─" * (width + 1) for width in widths),
    ]
    for name, row in rows.items():
        cells = (f"│ {row[language]:>{width}} " for language, width in zip(languages, widths, strict=True))
        lines.append(f" {name:<{first}} " + "".join(cells))
    return "\n".join(line.rstrip() for line in lines)
