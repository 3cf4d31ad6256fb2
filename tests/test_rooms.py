"""The rule of the rooms: a module imports only from rooms above its own."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "site"
PACKAGE = SOURCE / "meishi"
# From the ground up; freezing wires the public site alone, the factory all of them.
ROOMS = [
    "errors", "config", "content", "guestbook", "publishing", "web", "live", "admin",
    "freezing", "cli", "factory",
]  # fmt: skip
FRAMEWORKS = {"flask", "jinja2", "werkzeug", "flask_socketio", "socketio", "engineio", "eventlet"}
FORBIDDEN = {
    "errors": FRAMEWORKS | {"flask_frozen", "sqlalchemy"},
    "config": FRAMEWORKS | {"flask_frozen", "sqlalchemy"},
    "content": FRAMEWORKS | {"flask_frozen", "sqlalchemy"},
    "guestbook": FRAMEWORKS | {"flask_frozen"},
    "publishing": {"flask_socketio", "socketio", "eventlet", "sqlalchemy"},
    "web": {"flask_frozen", "flask_socketio", "socketio", "eventlet", "sqlalchemy"},
}


def module_name(file: Path, source: Path = SOURCE) -> str:
    parts = file.relative_to(source).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(file): file for file in sorted(PACKAGE.rglob("*.py"))}


def imports(name: str, file: Path, *, types_too: bool = True) -> Iterator[tuple[str, int]]:
    """List the modules a file imports, with lines; those inside functions and for types are imports too."""
    package = name if file.name == "__init__.py" else name.rpartition(".")[0]

    def walk(node: ast.AST) -> Iterator[ast.AST]:
        for child in ast.iter_child_nodes(node):
            typing_only = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test)
            if typing_only and not types_too:
                continue
            yield child
            yield from walk(child)

    for node in walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield (inner if inner in MODULES else base), node.lineno


def room(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if parts[0] == "meishi" and len(parts) > 1 else None


def breaches(name: str, file: Path) -> Iterator[str]:
    """Name each import that leads to a room below, or to a library that the room must not know."""
    own = room(name)
    if own is None:
        return
    for imported, line in imports(name, file):
        other = room(imported)
        if other is not None and ROOMS.index(other) > ROOMS.index(own):
            yield f"{file.name}:{line}: {name} imports {imported}, which stands below it"
        library = imported.split(".")[0]
        if library in FORBIDDEN.get(own, set()):
            allowed = own == "publishing" and file.name == "freezer.py" and library == "flask_frozen"
            if not allowed:
                yield f"{file.name}:{line}: {name} imports {library}, which {own} knows nothing of"


def test_every_module_has_a_room() -> None:
    assert sorted({str(room(name)) for name in MODULES if "." in name} - set(ROOMS)) == []


@pytest.mark.parametrize("name", MODULES)
def test_a_module_imports_only_from_rooms_above_it(name: str) -> None:
    assert list(breaches(name, MODULES[name])) == []


def test_only_the_freezer_knows_frozen_flask() -> None:
    users = {
        name
        for name, file in MODULES.items()
        if any(imported.split(".")[0] == "flask_frozen" for imported, _ in imports(name, file))
    }

    assert users <= {"meishi.publishing.freezer"}


def test_eventlet_is_imported_nowhere_in_the_package() -> None:
    users = {
        name
        for name, file in MODULES.items()
        if any(imported.split(".")[0] == "eventlet" for imported, _ in imports(name, file))
    }

    assert users == set()


def test_imports_make_no_circle() -> None:
    graph = {
        name: {other for other, _ in imports(name, file, types_too=False) if other in MODULES} - {name}
        for name, file in MODULES.items()
    }
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " → ".join((*trail[trail.index(name) :], name))
        if name not in done:
            for other in sorted(graph[name]):
                visit(other, (*trail, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def test_every_module_imports_alone() -> None:
    """In an interpreter where no other module of ours was imported first."""
    script = (
        "import sys, importlib, os\n"
        # What is not ours is imported once for all of them: it takes most of the time.
        "import babel.support, cryptography.x509, dns.resolver, flask_babel, markdown_it, PIL.Image, yaml\n"
        "for name in sys.argv[1:]:\n"
        "    child = os.fork() if hasattr(os, 'fork') else 0\n"
        "    if child == 0:\n"
        "        importlib.import_module(name)\n"
        "        if hasattr(os, 'fork'): os._exit(0)\n"
        "    elif os.waitpid(child, 0)[1]:\n"
        "        print('alone it fails:', name)\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, *MODULES],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )

    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


def test_importing_prints_nothing_and_starts_no_thread() -> None:
    script = (
        "import sys, importlib, threading\n"
        "for name in sys.argv[1:]: importlib.import_module(name)\n"
        "assert threading.active_count() == 1, threading.enumerate()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *MODULES], capture_output=True, text=True, timeout=120, check=False
    )

    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


@pytest.mark.parametrize(
    ("own", "line", "complaint"),
    [
        ("content/page.py", "from meishi.web import views", "stands below it"),
        ("content/page.py", "def f():\n    import flask", "knows nothing of"),
        ("publishing/github_pages.py", "from meishi.admin.auth import login", "stands below it"),
        ("publishing/report.py", "import flask_socketio", "knows nothing of"),
        ("web/views.py", "from ..live import reload", "stands below it"),
        ("web/views.py", "from flask_frozen import Freezer", "knows nothing of"),
    ],
)
def test_a_breach_is_seen(tmp_path: Path, own: str, line: str, complaint: str) -> None:
    file = tmp_path / "meishi" / own
    file.parent.mkdir(parents=True)
    file.write_text(line, encoding="utf-8")

    assert complaint in "".join(breaches(module_name(file, tmp_path), file))
