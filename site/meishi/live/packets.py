"""Read and write Socket.IO packets: acknowledgements that may come later, and nothing that is malformed."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from socketio.packet import CONNECT, DISCONNECT, EVENT, Packet

#: The event that stands for what cannot be read; no client can send it.
MALFORMED = ""
#: Where all events go.
NAMESPACE = "/guestbook"
#: Events of Socket.IO's own, which a client must not send as if they were its.
_RESERVED = (MALFORMED, "connect", "disconnect")
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


class Json:
    """JSON as it goes over the wire: UTF-8, and on the way in no NaN and no half letters."""

    @staticmethod
    def dumps(value: object, **_options: object) -> str:
        """Write a value."""
        return _ENCODER.encode(value)

    @staticmethod
    def loads(text: str | bytes) -> Any:
        """Read a value."""
        value = json.loads(text, parse_constant=_refuse)
        # Only an escape can bring half of a surrogate pair in; UTF-8 could not carry it out again.
        escape = b"\\ud" if isinstance(text, bytes) else "\\ud"
        return _mended(value) if escape in text.lower() else value  # type: ignore[operator]


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_mended(item) for item in value]
    if isinstance(value, dict):
        return {_mended(key): _mended(item) for key, item in value.items()}
    return value


class GuestbookPacket(Packet):  # type: ignore[misc]
    """A packet that hands its number on to the handler: a handler can answer later, from another task.

    Socket.IO itself acknowledges with what a handler returns, so that a client would wait for its last
    entry to be stored before its next is read. Here an event has always two arguments: what the client
    sent, and the number to acknowledge (None: it wants no answer).
    """

    uses_binary_events = False
    json = Json

    def decode(self, encoded_packet: str | bytes) -> int:
        """Read a packet; one that makes no sense becomes an event that the namespace counts."""
        try:
            attachments = super().decode(encoded_packet) if isinstance(encoded_packet, str) else 1
            sound = not attachments and self._sound()
        except (ValueError, TypeError, RecursionError):
            sound = False
        if not sound:
            self.packet_type, self.namespace = EVENT, NAMESPACE
            self.data, self.id = [MALFORMED, None, None], None
        elif self.packet_type == EVENT:
            # Two arguments for every event: the packet's number is no longer Socket.IO's to answer.
            payload = self.data[1] if len(self.data) > 1 else None
            self.data, self.id = [self.data[0], payload, self.id], None
        return 0

    def _sound(self) -> bool:
        kind: object = self.packet_type
        data: object = self.data
        if kind in (CONNECT, DISCONNECT):
            return data is None or isinstance(data, dict)
        if kind == EVENT and isinstance(data, list) and 1 <= len(data) <= 2:
            return isinstance(data[0], str) and data[0] not in _RESERVED
        return False
