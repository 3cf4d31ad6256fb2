"""`flask pages`: the built site, as GitHub Pages will serve it."""

from __future__ import annotations

from pathlib import Path

import click
from werkzeug.serving import WSGIRequestHandler, make_server

from meishi.cli.errors import plainly, say
from meishi.config import load_site_config
from meishi.errors import FreezeError
from meishi.publishing.pages_server import PagesServer
from meishi.publishing.pages_tree import FolderTree


def pages_command(root: Path) -> click.Command:
    """Make the command for the site in a folder."""

    @click.command("pages", short_help="Serve the built site as GitHub Pages does.")
    @click.option("--base", help="Where the site lives, such as /web/; else the path of baseURL.")
    @click.option("-p", "--port", default=4000, show_default=True, help="0 takes a free one.")
    @click.option("-h", "--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
    @click.option("-d", "--destination", type=click.Path(path_type=Path), help="The built site; build/.")
    @plainly()
    def pages(base: str | None, port: int, host: str, destination: Path | None) -> None:
        """Serve build/ as GitHub Pages will: what works here works there.

        /page answers with page.html, /page/ does not; /folder goes on to /folder/; capitals count; what
        is not there is 404.html with status 404; answers are compressed and may be kept for ten minutes.
        Without .nojekyll, names that begin with _ are not there.

        \b
        Examples:
          flask freeze && flask pages
          flask pages --base /web/ --port 8000
        """  # noqa: D301
        folder = destination or root / "build"
        if not folder.is_dir():
            raise FreezeError("nothing is built yet", path=folder.name, hint="Run `flask freeze` first")
        if base is None:
            base = load_site_config(root).base_path
        base = f"/{base.strip('/')}/" if base.strip("/") else "/"
        server = make_server(
            host, port, PagesServer(FolderTree(folder), base), threaded=True, request_handler=_Handler
        )
        say(f"{folder.name}/ as GitHub Pages serves it: http://{host}:{server.server_port}{base}")
        say("Press CTRL+C to quit.")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            say("")
        finally:
            server.server_close()

    return pages


class _Handler(WSGIRequestHandler):
    """Tell of each request in a few words, and nothing of Python to whoever asks."""

    def version_string(self) -> str:
        return "GitHub.com"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        say(f"{code} {self.command} {self.path}", colour="yellow" if str(code) >= "400" else "")
