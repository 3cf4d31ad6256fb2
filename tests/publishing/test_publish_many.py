"""A thousand pages: one edit is a small publication."""

from __future__ import annotations

import shutil
from pathlib import Path

from git_sites import GitSite, environment

NOTE = '---\ntitle: "Note {0}"\ndate: 2026-01-01\n---\n\nThe text of note {0}, and a few words more.\n'


def test_of_a_thousand_pages_only_what_changed_is_published(tmp_path: Path, project: Path) -> None:
    site = GitSite(tmp_path / "site", tmp_path / "remote.git", environment(tmp_path / "home"))
    shutil.copytree(project / "benchmarks" / "site", site.root)
    site.write({f"content/notes/n{number}.md": NOTE.format(number) for number in range(1000)})
    site.write({".gitignore": "/build/\n/.cache/\n/instance/\n"})
    site.git("init", "--quiet", "--bare", str(site.remote), at=tmp_path)
    site.git("init", "--quiet", "-b", "main")
    site.git("remote", "add", "origin", str(site.remote))
    site.commit()
    options = ("--no-wait", "--allow", "base_url")
    first = site.publish(*options)
    assert first.outcome == "pushed", (first.out[-2000:], first.err)
    before = site.published()
    assert len([path for path in before if path.startswith("notes/n")]) == 1000

    site.write({"content/notes/n7.md": NOTE.format(7).replace("few", "many")})
    run = site.publish(*options)

    assert run.outcome == "pushed"
    after = site.published()
    assert {path for path in after if after[path] != before[path]} == {"index.html", "notes/n7/index.html"}
    assert ("changed", "/notes/n7/") in run.changes()
    # The journal stays short enough to be followed: not a line for each file.
    assert len(first.events) < 400
