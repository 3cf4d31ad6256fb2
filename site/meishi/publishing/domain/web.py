"""Ask a name's web server, by the addresses that the doctor's own lookup gives."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any

from meishi.publishing.domain.lookup import Lookup, Server

#: What OpenSSL calls a certificate that has ended, and one for other names.
_EXPIRED, _OTHER_NAME = 10, 62


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says; `trouble` is "" where browsers trust it."""

    names: tuple[str, ...] = ()
    until: datetime | None = None
    trouble: str = ""  # "expired", "other_name", "untrusted"
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Got:
    """What a server answered; `status` 0 where there was no answer, and `detail` says why."""

    status: int = 0
    location: str = ""
    server: str = ""
    detail: str = ""
    nowhere: bool = False  # the name leads nowhere
    certificate: Certificate | None = None


class Web:
    """Open connections to a site: where DNS leads, or to `servers` (for http, for https) instead."""

    def __init__(
        self,
        lookup: Lookup,
        servers: tuple[Server, Server] | None = None,
        trust: ssl.SSLContext | None = None,
        patience: float = 8.0,
    ) -> None:
        self._lookup = lookup
        self._servers = servers
        self._trust = trust or ssl.create_default_context()
        self._patience = patience

    def get(self, host: str, *, safe: bool, path: str = "/") -> Got:
        """Ask for a page, over HTTPS or without."""
        addresses = self._lookup.addresses(host)
        if not addresses:
            return Got(nowhere=True, detail="no addresses")
        # A machine without IPv6 must still tell of the rest: the older kind stands first.
        detail = ""
        for address in addresses[:2]:
            try:
                plain = self._connect(address, safe=safe)
            except OSError as error:
                detail = _reason(error)
                continue
            with plain:
                return self._ask(plain, host, path, safe=safe)
        return Got(detail=detail)

    def _connect(self, address: str, *, safe: bool) -> socket.socket:
        place = self._servers[safe] if self._servers else (address, 443 if safe else 80)
        return socket.create_connection(place, self._patience)

    def _ask(self, plain: socket.socket, host: str, path: str, *, safe: bool) -> Got:
        certificate = None
        try:
            if safe:
                secure = self._trust.wrap_socket(plain, server_hostname=host)
                certificate = _certificate(secure.getpeercert() or {})
                plain = secure
            return _answer(plain, host, path, certificate)
        except ssl.SSLCertVerificationError as error:
            return Got(detail=_reason(error), certificate=self._untrusted(host, error))
        except (OSError, HTTPException) as error:
            return Got(detail=_reason(error), certificate=certificate)

    def _untrusted(self, host: str, error: ssl.SSLCertVerificationError) -> Certificate:
        """Read a certificate that browsers refuse: connect again without trusting it, and say nothing."""
        trouble = {_EXPIRED: "expired", _OTHER_NAME: "other_name"}.get(error.verify_code, "untrusted")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        names: tuple[str, ...] = ()
        until = None
        try:
            address = self._lookup.addresses(host)[0]
            with (
                self._connect(address, safe=True) as plain,
                context.wrap_socket(plain, server_hostname=host) as secure,
            ):
                names, until = _read(secure.getpeercert(binary_form=True) or b"")
        except (OSError, ValueError):
            pass
        return Certificate(names, until, trouble, error.verify_message)


def _answer(connection: socket.socket, host: str, path: str, certificate: Certificate | None) -> Got:
    asking = HTTPConnection(host)
    asking.sock = connection
    try:
        asking.request("GET", path, headers={"User-Agent": "meishi-domain", "Connection": "close"})
        response: HTTPResponse = asking.getresponse()
        return Got(
            response.status, response.headers.get("Location", ""), response.headers.get("Server", ""),
            certificate=certificate,
        )  # fmt: skip
    finally:
        asking.close()


def _certificate(facts: Any) -> Certificate:
    names = tuple(value for kind, value in facts.get("subjectAltName", ()) if kind == "DNS")
    until = datetime.fromtimestamp(ssl.cert_time_to_seconds(facts["notAfter"]), UTC)
    return Certificate(names, until)


def _read(binary: bytes) -> tuple[tuple[str, ...], datetime | None]:
    from cryptography import x509

    found = x509.load_der_x509_certificate(binary)
    try:
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return (), found.not_valid_after_utc
    return tuple(names.get_values_for_type(x509.DNSName)), found.not_valid_after_utc


def _reason(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
