"""The install builds static/dist/, says in one line when it cannot, and does nothing twice."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import NoReturn

import pytest

Lacking = Callable[[str], NoReturn]

# Stands for npm: it puts a folder in place, or fails as npm does.
FAKE_NPM = """
import os, shutil, sys
if code := os.environ.get("FAKE_NPM_CODE"):
    sys.exit(f"npm error code {code}\\nnpm error more about it")
shutil.copytree(os.environ["FAKE_NPM_MODULES"], "node_modules")
"""


# Stands for esbuild: it writes down what it was given, or fails.
FAKE_ESBUILD = """
import os, pathlib, sys
if os.environ.get("FAKE_ESBUILD_FAILS"):
    sys.exit("cannot run on this machine\\nmore about it")
out = next(word for word in sys.argv if word.startswith("--outfile="))
out = pathlib.Path(out.partition("=")[2])
out.parent.mkdir()
out.write_text("bundle of " + pathlib.Path(sys.argv[1]).read_text())
"""


@pytest.fixture
def hook(project: Path) -> ModuleType:
    """Load hatch_build.py as hatchling does: by its path."""
    spec = importlib.util.spec_from_file_location("hatch_build", project / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def clone(project: Path, tmp_path: Path) -> Path:
    """Copy what an install reads."""
    root = tmp_path / "clone"
    shutil.copytree(
        project / "site" / "meishi", root / "site" / "meishi", ignore=shutil.ignore_patterns("__pycache__")
    )
    for name in (
        "pyproject.toml",
        "hatch_build.py",
        "package.json",
        "package-lock.json",
        ".npmrc",
        "LICENSE",
    ):
        shutil.copy(project / name, root)
    (root / "static/admin/src").mkdir(parents=True)
    shutil.copy(project / "static/admin/src/codemirror.js", root / "static/admin/src")
    if (project / "README.md").exists():
        shutil.copy(project / "README.md", root)
    return root


@pytest.fixture
def fake_npm(hook: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modules = tmp_path / "modules"
    icon = {"viewBox": [0, 0, 512, 512], "path": "M1"}
    families = {
        "github": {"svgs": {"classic": {"brands": icon}}},
        "envelope": {"svgs": {"classic": {"solid": icon, "regular": icon}}},
        "house": {"svgs": {"classic": {"solid": icon}}, "aliases": {"names": ["home"]}},
    }
    shims = '[["envelope-o", "far", "envelope"], ["github", "fab", null], ["gone", "fab", "vine"]]'
    for name, text in {
        "@fortawesome/fontawesome-free/metadata/icon-families.json": json.dumps(families),
        "@fortawesome/fontawesome-free/js/v4-shims.js": f"var shims = {shims};",
        "@fortawesome/fontawesome-free/package.json": '{"name": "fa", "version": "7.0.0", "license": "MIT"}',
        "@fortawesome/fontawesome-free/LICENSE.txt": "Icons: CC BY 4.0",
        "@fontsource-variable/noto-serif-jp/unicode.json": "{}",
        "@fontsource-variable/noto-serif-jp/files/noto-serif-jp-0-wght-normal.woff2": "slice",
        "@fontsource-variable/noto-serif-jp/package.json": (
            '{"name": "noto", "version": "5.3.1", "license": "OFL-1.1"}'
        ),
        "esbuild/bin/esbuild": FAKE_ESBUILD,
        "esbuild/package.json": '{"name": "esbuild", "version": "0.28.2", "license": "MIT"}',
        "esbuild/LICENSE.md": "of a tool that stays behind",
        "socket.io-client/package.json": '{"name": "socket.io-client", "version": "4.8.0", "license": "MIT"}',
        "socket.io-client/LICENSE": "The MIT License",
        "socket.io-client/dist/socket.io.esm.min.js": "export{io};\n//# sourceMappingURL=x.map\n",
    }.items():
        (modules / name).parent.mkdir(parents=True, exist_ok=True)
        (modules / name).write_text(text, encoding="utf-8")
    (tmp_path / "npm.py").write_text(FAKE_NPM, encoding="utf-8")
    monkeypatch.setenv("FAKE_NPM_MODULES", str(modules))
    monkeypatch.setattr(hook, "npm_command", lambda: [sys.executable, str(tmp_path / "npm.py")])
    monkeypatch.setattr(hook, "node_command", lambda: sys.executable)


@pytest.mark.usefixtures("fake_npm")
def test_the_build_takes_what_the_site_needs_and_its_licences(hook: ModuleType, clone: Path) -> None:
    assert hook.build(clone) is None

    dist = clone / "static" / "dist"
    assert sorted(file.name for file in dist.iterdir()) == [
        ".stamp",
        "LICENSES.txt",
        "admin",
        "fonts",
        "icons.txt",
        "socket.io.js",
    ]
    assert (dist / "icons.txt").read_text(encoding="utf-8").splitlines() == [
        "solid/envelope\t0 0 512 512\tM1",
        "regular/envelope\t0 0 512 512\tM1",
        "brands/github\t0 0 512 512\tM1",
        "solid/house\t0 0 512 512\tM1",
        "envelope-o\t=regular/envelope",
        "home\t=solid/house",
    ]
    assert (dist / "socket.io.js").read_text(encoding="utf-8") == "export{io};\n"
    assert sorted(file.name for file in (dist / "fonts").iterdir()) == [
        "noto-serif-jp-0-wght-normal.woff2",
        "unicode.json",
    ]
    assert "Icons: CC BY 4.0" in (dist / "LICENSES.txt").read_text(encoding="utf-8")
    assert "The MIT License" in (dist / "LICENSES.txt").read_text(encoding="utf-8")
    assert "stays behind" not in (dist / "LICENSES.txt").read_text(encoding="utf-8")
    assert (
        (dist / "admin/codemirror.js")
        .read_text(encoding="utf-8")
        .startswith("bundle of // What the editor takes")
    )
    assert sorted(path.name for path in (clone / "static").iterdir()) == ["admin", "dist"]


@pytest.mark.usefixtures("fake_npm")
def test_without_esbuild_the_editor_is_plain_and_all_else_is_built(
    hook: ModuleType, clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_ESBUILD_FAILS", "1")

    problem = hook.build(clone)

    dist = clone / "static" / "dist"
    assert problem.startswith(
        "Meishi is installed, but without the editor's colours and tools: esbuild failed"
    )
    assert (dist / "NOTE.txt").read_text(encoding="utf-8") == f"{problem}\n"
    assert (dist / "socket.io.js").is_file()
    assert not (dist / "admin/codemirror.js").exists()
    assert not hook.is_current(clone)
    monkeypatch.delenv("FAKE_ESBUILD_FAILS")
    assert hook.build(clone) is None
    assert (dist / "admin/codemirror.js").is_file()
    assert not (dist / "NOTE.txt").exists()


@pytest.mark.usefixtures("fake_npm")
def test_a_new_list_of_the_editor_parts_is_built(hook: ModuleType, clone: Path) -> None:
    hook.build(clone)
    (clone / "static/admin/src/codemirror.js").write_text("export {};\n", encoding="utf-8")

    assert hook.build(clone) is None
    assert (clone / "static/dist/admin/codemirror.js").read_text(encoding="utf-8") == "bundle of export {};\n"


@pytest.mark.usefixtures("fake_npm")
def test_a_second_build_does_nothing_until_the_lock_changes(
    hook: ModuleType, clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook.build(clone)
    monkeypatch.setenv("FAKE_NPM_CODE", "ECONNREFUSED")

    assert hook.build(clone) is None

    (clone / "package-lock.json").write_text("{}", encoding="utf-8")
    assert hook.build(clone)
    monkeypatch.delenv("FAKE_NPM_CODE")
    assert hook.build(clone) is None
    assert not (clone / "static/dist/NOTE.txt").exists()


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("ECONNREFUSED", "the npm registry could not be reached (ECONNREFUSED)"),
        ("ENOTFOUND", "the npm registry could not be reached (ENOTFOUND)"),
        ("EAI_AGAIN", "the npm registry could not be reached (EAI_AGAIN)"),
        ("ERR_SOCKET_TIMEOUT", "the npm registry could not be reached (ERR_SOCKET_TIMEOUT)"),
        ("SELF_SIGNED_CERT_IN_CHAIN", "the npm registry could not be reached (SELF_SIGNED_CERT_IN_CHAIN)"),
        ("E503", "the npm registry could not be reached (E503)"),
        ("EINTEGRITY", "npm could not install the packages (EINTEGRITY)"),
    ],
)
@pytest.mark.usefixtures("fake_npm")
def test_a_failure_is_one_plain_line_and_keeps_what_was_there(
    hook: ModuleType,
    clone: Path,
    monkeypatch: pytest.MonkeyPatch,
    code: str,
    reason: str,
) -> None:
    hook.build(clone)
    (clone / "package-lock.json").write_text("{}", encoding="utf-8")
    monkeypatch.setenv("FAKE_NPM_CODE", code)

    problem = hook.build(clone)

    note = (clone / "static/dist/NOTE.txt").read_text(encoding="utf-8")
    assert note == f"{problem}\n"
    assert note.count("\n") == 1
    assert reason in note
    assert "python hatch_build.py" in note
    assert (clone / "static/dist/socket.io.js").is_file()


@pytest.mark.usefixtures("fake_npm")
def test_packages_that_are_not_as_expected_fail_no_install(
    hook: ModuleType, clone: Path, tmp_path: Path
) -> None:
    (tmp_path / "modules/socket.io-client/dist/socket.io.esm.min.js").unlink()

    assert hook.build(clone)
    assert [file.name for file in (clone / "static/dist").iterdir()] == ["NOTE.txt"]
    assert sorted(file.name for file in (clone / "static").iterdir()) == ["admin", "dist"]


@pytest.mark.usefixtures("fake_npm")
def test_node_is_asked_for_only_when_there_is_something_to_build(hook: ModuleType, clone: Path) -> None:
    build_hook = hook.BrowserCode()
    build_hook.root = str(clone)
    if hook.node_has_a_wheel():
        assert build_hook.dependencies() == [hook.NODE]

    hook.build(clone)

    assert build_hook.dependencies() == []


def run_until(
    command: list[str],
    well: Callable[[subprocess.CompletedProcess[str]], bool] = lambda done: True,
    **environment: str,
) -> subprocess.CompletedProcess[str]:
    """Run what asks a registry up to three times: a connection may break without anybody's fault."""
    for _ in range(3):
        done = subprocess.run(
            command, env=os.environ | environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=900, check=False,
        )  # fmt: skip
        if well(done):
            break
    return done


@pytest.mark.network
def test_by_hand_the_locked_packages_are_built_and_not_twice(
    clone: Path, need: Callable[..., str], lacking: Lacking
) -> None:
    need("npm")
    command = [sys.executable, str(clone / "hatch_build.py")]
    first = run_until(command, lambda done: "could not be reached" not in done.stdout)
    if "could not be reached" in first.stdout:
        lacking(first.stdout.splitlines()[-1])
    built = (clone / "static/dist/icons.txt").stat().st_mtime_ns

    second = run_until(command)

    assert (first.returncode, second.returncode) == (0, 0), first.stdout
    assert second.stdout == "static/dist/ is up to date.\n"
    assert (clone / "static/dist/icons.txt").stat().st_mtime_ns == built
    assert b"export{" in (clone / "static/dist/socket.io.js").read_bytes()
    assert b"MergeView" in (clone / "static/dist/admin/codemirror.js").read_bytes()
    assert b"sourceMappingURL" not in (clone / "static/dist/socket.io.js").read_bytes()


@pytest.mark.network
@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are Unix's")
def test_without_the_npm_registry_pip_goes_on_and_the_terminal_says_why(
    clone: Path, tmp_path: Path, lacking: Lacking
) -> None:
    pip = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "--wheel-dir",
        str(tmp_path / "wheels"),
        str(clone),
    ]
    closed = {"npm_config_registry": "http://127.0.0.1:9/", "npm_config_cache": str(tmp_path / "npm")}
    # pty.spawn forks, and the tests' process has threads; so a process of its own holds the terminal.
    script = "import pty, sys, os; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"
    done = run_until([sys.executable, "-c", script, *pip], lambda done: done.returncode == 0, **closed)
    said = [line for line in done.stdout.splitlines() if "could not be reached" in line]
    if done.returncode != 0 and "No matching distribution" in done.stdout:
        lacking("the Python package index does not answer")

    assert done.returncode == 0, done.stdout
    assert len(said) == 1, done.stdout
    assert said[0].startswith("Meishi is installed, but without icons")
    [wheel] = (tmp_path / "wheels").glob("meishi-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"meishi"}
