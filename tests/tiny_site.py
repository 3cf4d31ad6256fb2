"""A site small enough to be built hundreds of times, with everything that publishing has to care about.

content/NAME.md is a page: the first line is its title, the others are its HTML. `{pic NAME}` shows a
smaller copy of static/NAME; WARN and ERROR do what they say. content/until holds the next change's time.
Run as a program it is `freeze.py` for such a site.
"""

from __future__ import annotations

import html
import re
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from meishi.errors import ContentError, MeishiError
from meishi.publishing.command import freeze_main

if TYPE_CHECKING:
    from meishi.publishing.site import Frozen, Request

_PICTURE = re.compile(r"\{pic ([\w.]+)\}")


@dataclass(frozen=True)
class Target:
    address: str
    kind: str = "page"
    language: str = "en"
    row: str = "Pages"
    file: Path | None = None
    source: str = ""


@dataclass
class TinySite:
    root: Path
    base_path: str
    digest_of: Any
    notices: list[MeishiError] = field(default_factory=list)
    rendered: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        found = sorted((self.root / "content").glob("*.md"))
        self.pages = {unicodedata.normalize("NFC", path.stem): path for path in found}
        self.names = sorted(self.pages)
        self._reads: dict[str, frozenset[str]] = {}
        self._needs: dict[str, tuple[str, ...]] = {}

    def title(self, name: str) -> str:
        return self.pages[name].read_text(encoding="utf-8").partition("\n")[0] if name in self.pages else "-"

    def targets(self) -> Mapping[str, Target]:
        found = [Target(f"/{name}/", source=path.name) for name, path in self.pages.items()]
        found += [Target("/"), Target("/sitemap.xml", row="Sitemaps", language="")]
        found.append(Target("/.nojekyll", row="Non-page files", language=""))
        for path in sorted((self.root / "static").rglob("*")):
            if path.is_file():
                address = "/" + path.relative_to(self.root / "static").as_posix()
                found.append(Target(address, "file", "", "Static files", path))
        return {target.address: target for target in found}

    def made(self, address: str) -> Target | None:
        match = re.fullmatch(r"/small/([\w.]+)\.[0-9a-f]+\.webp", address)
        return Target(address, "variant", "", "Processed images") if match else None

    def prepare(self, addresses: Sequence[str]) -> None:
        pass

    def file(self, target: Target) -> Path | None:
        if target.kind != "variant":
            return target.file
        made = self.root / ".cache" / "pictures" / target.address.rpartition("/")[2]
        name = made.name.rpartition(".")[0].rpartition(".")[0]
        made.parent.mkdir(parents=True, exist_ok=True)
        made.write_bytes(b"small " + (self.root / "static" / name).read_bytes())
        return made

    def reads(self, address: str) -> frozenset[str]:
        return self._reads.get(address, frozenset())

    def needs(self, address: str) -> Sequence[str]:
        return self._needs.get(address, ())

    def digest(self, name: str) -> str:
        kind, _, rest = name.partition(":")
        if kind == "title":
            return self.title(rest)
        if kind == "list":
            return "\n".join(f"{name} {self.title(name)}" for name in self.names)
        path = self.root / rest
        return str(self.digest_of(path)) if path.exists() else "-"

    def state(self, kind: str) -> str:
        return "\n".join(f"{name} {self.title(name)}" for name in self.names) if kind == "title" else ""

    @property
    def warnings(self) -> Sequence[MeishiError]:
        return tuple(self.notices)

    def answer(self, address: str) -> tuple[bytes, str]:
        self.rendered.append(address)
        if address == "/.nojekyll":
            return b"Built by Meishi\n", "application/octet-stream"
        if address in ("/", "/sitemap.xml"):
            self._reads[address] = frozenset({"list:"})
        if address == "/sitemap.xml":
            places = "".join(f"<loc>https://example.org{self.base_path}/{name}/</loc>" for name in self.names)
            return f"<urlset>{places}</urlset>".encode(), "application/xml"
        if address == "/":
            items = "".join(f'<li><a href="{self.base_path}/{n}/">{self.title(n)}</a>' for n in self.names)
            return self._html("Home", f"<ul>{items}</ul>"), "text/html"
        return self._page(address, address.strip("/")), "text/html"

    def _page(self, address: str, name: str) -> bytes:
        path = self.pages[name]
        title, _, body = path.read_text(encoding="utf-8").partition("\n")
        if "ERROR" in body:
            line = body[: body.index("ERROR")].count("\n") + 2
            raise ContentError("This is wrong", path=f"content/{path.name}", line=line, hint="Mend it.")
        if "WARN" in body:
            self.notices.append(ContentError("This is odd", path=f"content/{path.name}", line=2))
        reads, needs = {f"source:content/{path.name}"}, []

        def picture(match: re.Match[str]) -> str:
            source = self.root / "static" / match[1]
            if not source.exists():
                raise ContentError(f"No picture {match[1]}", path=f"content/{path.name}")
            reads.add(f"source:static/{match[1]}")
            hashed = blake2b(source.read_bytes(), digest_size=4).hexdigest()
            needs.append(f"/small/{match[1]}.{hashed}.webp")
            return f'<img src="{self.base_path}{needs[-1]}">'

        body = _PICTURE.sub(picture, body)
        position = self.names.index(name)
        around = self.names[max(0, position - 1) : position] + self.names[position + 1 : position + 2]
        reads |= {f"title:{other}" for other in around} | {"list:"}
        body += "".join(f'<a href="{self.base_path}/{other}/">{self.title(other)}</a>' for other in around)
        self._reads[address], self._needs[address] = frozenset(reads), tuple(needs)
        return self._html(title, body)

    def _html(self, title: str, body: str) -> bytes:
        frame = (self.root / "templates" / "page.html").read_text(encoding="utf-8")
        return frame.replace("TITLE", html.escape(title)).replace("BODY", body).encode()


def app_factory(request: Request) -> Frozen:
    from flask import Flask, Response, abort

    from meishi.publishing.site import Frozen

    base_path = "/web" if request.options.base_url and "/web" in request.options.base_url else ""
    site = TinySite(request.options.source, base_path, request.digest)
    app = Flask("tiny", static_folder=None)

    @app.get("/")
    @app.get("/<path:rest>")
    def show(rest: str = "") -> Response:
        target = site.targets().get(f"/{rest}")
        if target is None:
            abort(404)
        body, mime = site.answer(target.address)
        return Response(body, mimetype=mime)

    until = request.options.source / "content" / "until"
    moment = float(until.read_text()) if until.exists() else None
    return Frozen(app, site, ("en", "ja"), base_path, "https://example.org", moment)


def write(root: Path, files: Mapping[str, str]) -> None:
    """Write files below a folder."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


def make(root: Path, pages: Mapping[str, str] | None = None) -> Path:
    """Make a site with a few pages."""
    frame = "<!doctype html><title>TITLE</title><link rel=stylesheet href=/css/site.css>BODY"
    write(
        root,
        {
            "config.toml": "",
            "templates/page.html": frame.replace("<link rel=stylesheet href=/css/site.css>", ""),
        },
    )
    write(
        root, {"static/css/site.css": "body{}", "static/robots.txt": "User-agent: *\n", "static/a.png": "PNG"}
    )
    pages = pages or {
        "about": "About\n<p id=me>Me</p>\n",
        "notes": "Notes\n{pic a.png}\n",
        "私": "私\n<p>日本\n",
    }
    write(root, {f"content/{name}.md": text for name, text in pages.items()})
    return root


def snapshot(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


if __name__ == "__main__":
    sys.exit(freeze_main(sys.argv[1:], app_factory))
