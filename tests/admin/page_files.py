"""A site with pages of every kind, for the tests of their list."""

from __future__ import annotations

from pathlib import Path

CONFIG = """baseURL = "https://www.example.com/"
title = "Ichi"
defaultContentLanguage = "en"
timeZone = "Asia/Tokyo"

[languages.en]
languageName = "English"
weight = 1
[languages.ja]
languageName = "日本語"
weight = 2
"""

FILES: dict[str, str | bytes] = {
    "config.toml": CONFIG,
    "archetypes/default.md": '---\ntitle: "{{ .Title }}"\ndraft: true\n---\n\n',
    "archetypes/notes.md": '---\ntitle: "{{ .Title }}"\ndate: {{ .Date }}\ntags: [note]\n---\n\n',
    "content/_index.md": "---\ntitle: Ichi\n---\n",
    "content/about.md": "---\ntitle: About   # me\nweight: 10\n---\nI am Ichi.\n",
    "content/about.ja.md": "---\ntitle: 私について\nweight: 10\n---\n一です。\n",
    "content/work.md": (
        "---\ntitle: Work\nweight: 20\n---\n"
        "See [me](about.md) and [the trip](notes/trip/index.md), [again](/notes/journey/).\n"
    ),
    "content/contact.md": "+++\ntitle = 'Contact'\nweight = 30\n+++\nWrite to me.\n",
    "content/contact.ja.md": "+++\ntitle = '連絡先'\nweight = 30\n+++\nお便りください。\n",
    "content/plan.md": "---\ntitle: A plan\ndraft: true\n---\nNot yet.\n",
    "content/notes/_index.md": "---\ntitle: Notes\nweight: 25\n---\n",
    "content/notes/rain.md": (
        "---\ntitle: Rain\ndate: 2026-11-01\ntags: [weather]\n---\n"
        'It rained on Ｔｏｋｙｏ. [Me]({{< ref "about.md" >}})\n'
    ),
    "content/notes/trip/index.md": (
        "---\ntitle: A trip\ndate: 2026-11-02\nslug: journey\naliases: [/old-trip/]\n---\n"
        "![Hills](hills.svg)\n"
    ),
    "content/notes/trip/hills.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    # The tests' clock stands at 9:00 UTC on 2026-11-22.
    "content/notes/soon.md": "---\ntitle: Soon\npublishDate: 2026-11-22T12:00:00Z\n---\nHello, later.\n",
    "content/notes/gone.md": "---\ntitle: Gone\ndate: 2026-10-01\nexpiryDate: 2026-11-01\n---\nBye.\n",
}


def state(root: Path) -> dict[str, bytes]:
    """Return every file of a site that the owner wrote, with its bytes."""
    return {
        file.relative_to(root).as_posix(): file.read_bytes()
        for file in sorted(root.rglob("*"))
        if file.is_file() and not {"instance", ".cache", ".git", "build"} & set(file.relative_to(root).parts)
    }
