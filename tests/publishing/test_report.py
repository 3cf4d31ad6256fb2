"""The table is the one that Hugo's users know."""

from __future__ import annotations

from meishi.publishing.report import counts, table

GOLDEN = """\
                  │ EN │ JA
──────────────────┼────┼────
 Pages            │ 10 │  1
 Paginator pages  │  0 │  0
 Non-page files   │  0 │  0
 Static files     │  1 │  1
 Processed images │  0 │  0
 Aliases          │  0 │  1
 Sitemaps         │  0 │  0
 Cleaned          │  3 │  0"""


def test_the_table_has_a_column_for_each_language() -> None:
    files = [("Pages", "en")] * 10 + [("Pages", "ja"), ("Static files", ""), ("Aliases", "ja")]
    assert table(counts(files, ["en", "ja"], 3)) == GOLDEN


def test_wide_numbers_widen_their_column() -> None:
    lines = table(counts([("Pages", "en")] * 12345, ["en"], 0)).splitlines()
    assert lines[2].endswith(" 12345")
    assert len({line.rindex("│") for line in (lines[0], *lines[2:])}) == 1
