"""A build bears an id made from its bytes: the same input gives the same id, another page another one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from meishi.publishing.manifest import Output
from meishi.publishing.stamp import build_id, stamp_of, stamped, without_stamp

MakeSite = Callable[..., Path]
QUIET = 'baseURL = "https://www.example.com/"\ntitle = "Ichi"\n[params]\nsocialCards = false\n'


def freeze(root: Path, *options: str) -> str:
    command = [
        sys.executable,
        "-c",
        "import sys; from meishi.freezing import main; sys.exit(main(sys.argv[1:]))",
    ]
    subprocess.run([*command, "--quiet", "--source", str(root), *options], check=True, timeout=300)
    return stamp_of((root / "build" / "index.html").read_bytes())


def output(digest: str, row: str = "Pages") -> Output:
    return Output(row, "en", digest, 1, 1, 1, (), (), (), b"")


def test_the_same_site_has_the_same_id_wherever_and_whenever_it_is_built(make_site: MakeSite) -> None:
    one, other = (make_site({"config.toml": QUIET, "content/about.md": "# Hi"}, name=name) for name in "ab")

    first = freeze(one)

    assert len(first) == 20
    assert freeze(other) == first
    assert freeze(one, "--clean") == first
    assert (one / "build/index.html").read_bytes() == (other / "build/index.html").read_bytes()


def test_an_edit_of_any_page_changes_the_id_and_taking_it_back_brings_it_back(make_site: MakeSite) -> None:
    root = make_site({"config.toml": QUIET, "content/about.md": "# Hi", "content/notes/tea.md": "Green."})
    first = freeze(root)
    (root / "content/notes/tea.md").write_text("Black.", encoding="utf-8")
    edited = freeze(root)
    (root / "content/notes/tea.md").write_text("Green.", encoding="utf-8")

    assert edited != first
    assert freeze(root) == first


def test_only_the_home_page_bears_it(make_site: MakeSite) -> None:
    root = make_site({"config.toml": QUIET, "content/about.md": "# Hi"})
    freeze(root)

    bearing = [path.name for path in (root / "build").rglob("*.html") if stamp_of(path.read_bytes())]
    assert bearing == ["index.html"]
    assert stamp_of((root / "build/index.html").read_bytes())


def test_a_build_with_nothing_changed_leaves_the_home_page_as_it_is(make_site: MakeSite) -> None:
    root = make_site({"config.toml": QUIET, "content/about.md": "# Hi"})
    freeze(root)
    before = (root / "build/index.html").stat()
    freeze(root)
    # Read and rendered again, but the bytes are the same.
    (root / "config.toml").write_text(QUIET + "# a note\n", encoding="utf-8")
    freeze(root)

    after = (root / "build/index.html").stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


def test_encoded_pictures_do_not_count_as_encoders_differ_between_machines() -> None:
    one = {"index.html": output("a"), "small.webp": output("b", "Processed images")}
    other = {"index.html": output("a"), "small.webp": output("c", "Processed images")}

    assert build_id(one) == build_id(other)
    assert build_id(one) != build_id({"index.html": output("x")})


def test_a_stamp_is_replaced_and_taken_off() -> None:
    page = b"<html><head><title>x</title></head><body></body></html>"

    once = stamped(page, "ab12")
    assert stamp_of(once) == "ab12"
    assert stamp_of(stamped(once, "cd34")) == "cd34"
    assert without_stamp(stamped(once, "cd34")) == page
    assert stamped(b"no head at all", "ab12") == b"no head at all"
