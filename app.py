"""The Flask entry: `flask run` develops, `python app.py` serves for real."""

import contextlib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def main() -> int:
    """Serve visitors with eventlet's green threads; nothing else knows eventlet."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that it is deprecated
        import eventlet
        import eventlet.wsgi
    # Before everything of ours: what is imported earlier keeps real threads, and stops the server.
    eventlet.monkey_patch()

    from meishi.cli.errors import plainly
    from meishi.serving.server import Green
    from meishi.serving.workers import run

    class Protocol(eventlet.wsgi.HttpProtocol):  # type: ignore[misc]
        # Every live connection keeps its two buffers; eventlet's own have 8 and 16 KB.
        rbufsize = 2048
        wbufsize = 4096

        def handle(self) -> None:
            """Serve a connection; one that breaks off is nobody's mistake."""
            with contextlib.suppress(OSError):
                super().handle()

        def log_message(self, *_message: object) -> None:
            """Keep silent: it would name the visitor's address."""

    green = Green(
        lambda listener, app, most, log: eventlet.wsgi.server(
            listener, app, log=log, max_size=most, protocol=Protocol, keepalive=75, debug=False
        ),
        eventlet.spawn_after,
    )
    with plainly():
        return run(ROOT, sys.argv[1:], green)


if __name__ == "__main__":
    sys.exit(main())
else:
    from meishi.cli.errors import plainly
    from meishi.factory import create_app

    with plainly():
        app = create_app(ROOT)
