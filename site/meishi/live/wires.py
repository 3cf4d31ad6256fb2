"""The WebSocket of threading mode, made to end whatever a client sends."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from typing import Any

import simple_websocket  # type: ignore[import-untyped]
from engineio.async_drivers._websocket_wsgi import SimpleWebSocketWSGI
from wsproto.utilities import LocalProtocolError


class _Ending(simple_websocket.Server):  # type: ignore[misc]
    """A WebSocket whose reader always ends, so that nobody waits for it for ever."""

    def _thread(self) -> None:
        try:
            super()._thread()
        except Exception:  # noqa: BLE001 - a frame that breaks the protocol ends the connection, quietly
            self.sock.close()
        finally:
            self.connected = False
            self.event.set()


class ThreadedWebSocket(SimpleWebSocketWSGI):  # type: ignore[misc]
    """Engine.IO's WebSocket for threads, with a limit on messages that come in many frames."""

    def __init__(self, handler: Callable[[Any], Any], server: Any) -> None:
        super().__init__(handler, server)
        self._most = int(server.max_http_buffer_size)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Serve one connection; Werkzeug is told of its end by an error, as Engine.IO does it."""
        self.ws = _Ending(environ, max_message_size=self._most)
        self.app(self)
        raise ConnectionError

    def close(self) -> None:
        """Close the WebSocket, if that is still possible."""
        with contextlib.suppress(OSError, LocalProtocolError):
            super().close()
