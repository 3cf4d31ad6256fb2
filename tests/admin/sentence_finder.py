"""Find in the sources what the rooms below the study may say about a mistake of the owner's.

Each sentence comes with `{}` for each value, as sentences.toml writes it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOMS = ("config", "content", "guestbook", "web", "publishing", "admin")
#: What is said in a terminal alone, or before there is a study.
TERMINAL = {
    "config/notices.py", "config/secret.py", "config/server.py", "content/restoring.py", "publishing/ci.py",
    "publishing/command.py", "publishing/prefill.py", "publishing/state.py",
    "admin/command.py",
}  # fmt: skip
#: The doctor of domains has tables of its own.
SPOKEN = "publishing/domain/"
_NOT_OURS = {"KeyError", "OSError", "TextError", "TypeError", "ValueError", "BadRequestError", "RefusedError"}
_SAID = {"message", "hint", "problem", "what", "reason", "text", "said", "why"}


def sentences(package: Path) -> dict[str, str]:
    """Return each sentence with the file and line where it is written."""
    files = {
        str(file.relative_to(package)): file for room in ROOMS for file in (package / room).rglob("*.py")
    }
    trees = {
        name: ast.parse(file.read_text(encoding="utf-8"))
        for name, file in sorted(files.items())
        if name not in TERMINAL and not name.startswith(SPOKEN)
    }
    tellers = _tellers(list(trees.values()))
    found: dict[str, str] = {}
    for name, tree in trees.items():
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        for scope in (*functions, tree):
            for text, line in _said_in(scope, tree, tellers):
                # Two values side by side are one for whoever reads the sentence.
                found.setdefault(text.replace("{}{}", "{}"), f"{name}:{line}")
    return found


def _tellers(trees: list[ast.Module]) -> set[str]:
    """Find the functions that put one of their parameters into an error or a finding."""
    tellers = {"error", "_blame", "_typed"}
    functions = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for _ in range(4):
        for function in functions:
            given = {one.arg for one in (*function.args.args, *function.args.kwonlyargs)} & _SAID
            inner = (node for node in ast.walk(function) if isinstance(node, ast.Call))
            told = (part for call in inner if _tells(call, tellers) for part in _arguments(call))
            if function.name != "__init__" and any(given & _names_of(part) for part in told):
                tellers.add(function.name)
    return tellers


def _names_of(node: ast.expr) -> set[str]:
    parts = [one.value for one in getattr(node, "values", ()) if isinstance(one, ast.FormattedValue)]
    return {one.id for one in (node, *parts) if isinstance(one, ast.Name)}


def _tells(call: ast.Call, tellers: set[str]) -> bool:
    function = call.func
    name = getattr(function, "attr", None) or getattr(function, "id", "")
    is_error = name.endswith("Error") and name not in _NOT_OURS
    return is_error or name in ("Finding", "Gate") or name in tellers or name.removeprefix("_") in tellers


def _arguments(call: ast.Call) -> Iterator[ast.expr]:
    yield from call.args
    yield from (word.value for word in call.keywords if word.arg not in ("path", "line", "key"))


def _said_in(scope: ast.AST, module: ast.Module, tellers: set[str]) -> Iterator[tuple[str, int]]:
    constants, local = _assigned(module.body), _assigned(list(ast.walk(scope)))
    seen: set[str] = set()

    def follow(node: ast.expr) -> Iterator[tuple[str, int]]:
        yield from (one for one in _texts(node) if _is_sentence(one[0]))
        for name in (one.id for one in ast.walk(node) if isinstance(one, ast.Name)):
            if name not in seen:
                seen.add(name)
                for value in local.get(name) or constants.get(name, ()):
                    yield from follow(value)

    for node in ast.walk(scope):
        if isinstance(node, ast.Call) and _tells(node, tellers):
            for part in _arguments(node):
                yield from follow(part)
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "attr", "") in ("hint", "message"):
            yield from follow(node.value)


def _assigned(nodes: list[ast.AST] | list[ast.stmt]) -> dict[str, list[ast.expr]]:
    found: dict[str, list[ast.expr]] = {}
    for node in nodes:
        pairs: list[tuple[ast.expr, ast.expr]] = []
        if isinstance(node, ast.AnnAssign) and node.value:
            pairs = [(node.target, node.value)]
        elif isinstance(node, ast.Assign):
            target, value = node.targets[0], node.value
            both = isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
            pairs = list(zip(target.elts, value.elts, strict=False)) if both else [(target, value)]  # type: ignore[attr-defined]
        for name, said in pairs:
            if isinstance(name, ast.Name):
                found.setdefault(name.id, []).append(said)
    return found


def _texts(node: ast.expr | None) -> Iterator[tuple[str, int]]:
    """Walk through all that an expression may become."""
    if node is None:
        return
    if (text := _template(node)) is not None:
        yield text, node.lineno
    parts: list[ast.expr | None] = []
    match node:
        case ast.IfExp():
            parts = [node.body, node.orelse]
        case ast.BoolOp():
            parts = [*node.values]
        case ast.Tuple() | ast.List():
            parts = [*node.elts]
        case ast.Dict():
            parts = [*node.values]
        case ast.Subscript():
            parts = [node.value]
        case ast.JoinedStr():
            parts = [one.value for one in node.values if isinstance(one, ast.FormattedValue)]
        case ast.Call(func=ast.Attribute(attr="get" | "format" as name, value=value)):
            parts = [value, *(node.args[1:] if name == "get" else [])]
    for part in parts:
        yield from _texts(part)


def _template(node: ast.expr) -> str | None:
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr():
            return "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values)
        case ast.BinOp(op=ast.Add()):
            sides = _template(node.left), _template(node.right)
            return None if sides == (None, None) else "".join("{}" if one is None else one for one in sides)
    return None


def _is_sentence(text: str) -> bool:
    """Tell words that are said from names, patterns and codes."""
    return (
        " " in text.strip()
        and bool(re.search(r"[A-Za-z]{2}", text))
        and not text.startswith((" ", "(?", '"Geo'))
    )
