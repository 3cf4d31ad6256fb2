"""A small internet on loopback: name servers, web servers with certificates, GitHub's API; real sockets."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

GITHUB_A = ["185.199.108.153", "185.199.109.153", "185.199.110.153", "185.199.111.153"]
GITHUB_AAAA = [f"2606:50c0:800{number}::153" for number in range(4)]


@dataclass
class NameServer:
    """A name server: `records[name][type]` are values; it answers over UDP and TCP at one port."""

    records: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    #: What goes wrong for a name: "silence", "servfail", "cut" (the answer does not fit into UDP).
    trouble: dict[str, str] = field(default_factory=dict)
    ttl: int = 300
    asked: list[tuple[str, str]] = field(default_factory=list)
    port: int = 0

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", self.port

    def answer(self, wire: bytes, *, tcp: bool = False) -> bytes | None:
        """Answer a question, as a resolver that knows everything."""
        query = dns.message.from_wire(wire)
        question = query.question[0]
        name, kind = (
            question.name.to_text(omit_final_dot=True).lower(),
            dns.rdatatype.to_text(question.rdtype),
        )
        self.asked.append((name, kind))
        trouble = self.trouble.get(name, self.trouble.get("*", ""))
        if trouble == "silence":
            return None
        response = dns.message.make_response(query, recursion_available=True)
        if trouble == "servfail":
            response.set_rcode(dns.rcode.SERVFAIL)
            return response.to_wire()
        if trouble == "cut" and not tcp:
            response.flags |= dns.flags.TC
            return response.to_wire()
        self._fill(response, name, kind)
        return response.to_wire()

    def _fill(self, response: dns.message.Message, name: str, kind: str) -> None:
        for _ in range(8):
            here = self._of(name)
            if here is None:
                response.set_rcode(dns.rcode.NXDOMAIN)
                return
            alias = here.get("CNAME")
            values = here.get(kind) or ([] if kind == "CNAME" else alias or [])
            if not values:
                return
            shown = kind if kind in here else "CNAME"
            response.answer.append(dns.rrset.from_text(f"{name}.", self.ttl, "IN", shown, *values))
            if shown == kind:
                return
            name = values[0].rstrip(".").lower()

    def _of(self, name: str) -> dict[str, list[str]] | None:
        """Return the records of a name; {} for one that has only names below it, None where nothing is."""
        if name in self.records:
            return self.records[name]
        if any(other.endswith(f".{name}") for other in self.records):
            return {}
        labels = name.split(".")
        return next(
            (self.records[star] for at in range(1, len(labels))
             if (star := ".".join(["*", *labels[at:]])) in self.records), None,
        )  # fmt: skip


@contextmanager
def serving_names(server: NameServer) -> Iterator[NameServer]:
    """Let a name server answer."""
    udp, tcp = _two_sockets()
    place = udp.getsockname()
    server.port = place[1]

    def hear_udp() -> None:
        while True:
            wire, who = udp.recvfrom(4096)
            if not wire:
                return
            answer = server.answer(wire)
            if answer is not None:
                udp.sendto(answer, who)

    def hear_tcp() -> None:
        while True:
            connection, _ = tcp.accept()
            with connection:
                head = connection.recv(2)
                if not head:
                    return
                answer = server.answer(connection.recv(int.from_bytes(head, "big")), tcp=True)
                if answer is not None:
                    connection.sendall(len(answer).to_bytes(2, "big") + answer)

    threads = [threading.Thread(target=each, daemon=True) for each in (hear_udp, hear_tcp)]
    for thread in threads:
        thread.start()
    try:
        yield server
    finally:
        # Nothing at all is the word to stop.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wake:
            wake.sendto(b"", place)
        socket.create_connection(place, 10).close()
        for thread in threads:
            thread.join(10)
        udp.close()
        tcp.close()


def _two_sockets() -> tuple[socket.socket, socket.socket]:
    """Bind UDP and TCP to one free port."""
    for _ in range(50):
        tcp = socket.create_server(("127.0.0.1", 0))
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            udp.bind(tcp.getsockname())
        except OSError:
            udp.close()
            tcp.close()
            continue
        return udp, tcp
    raise AssertionError("no free port")


class Authority:
    """A certificate authority that only these tests trust."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test Authority")])
        usage = x509.KeyUsage(
            digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
            key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
        )  # fmt: skip
        self._root = (
            self._builder(self._name, self._key.public_key(), timedelta(days=365))
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .sign(self._key, hashes.SHA256())
        )
        self.file = folder / "authority.pem"
        self.file.write_bytes(self._root.public_bytes(serialization.Encoding.PEM))

    def _builder(
        self, name: x509.Name, key: ec.EllipticCurvePublicKey, lasts: timedelta
    ) -> x509.CertificateBuilder:
        until = datetime.now(UTC) + lasts
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(until - timedelta(days=400))
            .not_valid_after(until)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False
            )
        )

    def context(self, *names: str, lasts: timedelta = timedelta(days=80)) -> ssl.SSLContext:
        """Make a server's context with a certificate for these names."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        certificate = (
            self._builder(subject, key.public_key(), lasts)
            .add_extension(
                x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False
            )
            .sign(self._key, hashes.SHA256())
        )
        file = self._folder / f"{names[0].replace('*', '_')}-{lasts.total_seconds():.0f}.pem"
        file.write_bytes(
            certificate.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    @property
    def trust(self) -> ssl.SSLContext:
        """Return the context of a browser that trusts this authority."""
        return ssl.create_default_context(cafile=str(self.file))


#: Answers a host and a path with a status and headers.
Answers = Callable[[str, str], tuple[int, dict[str, str]]]


@contextmanager
def serving_web(
    answers: Answers, contexts: dict[str, ssl.SSLContext] | None = None
) -> Iterator[tuple[str, int]]:
    """Serve hosts; with contexts over TLS, each name with its certificate, "" for all others."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers = answers((self.headers["Host"] or "").partition(":")[0], self.path)
            body = b"<p>page</p>"
            self.send_response(status)
            for name, value in (headers | {"Content-Length": str(len(body))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Keep the tests' output short."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Expect visitors who hang up when they see the certificate."""

        def finish_request(self, request: Any, client_address: Any) -> None:
            if context is not None:
                request = context.wrap_socket(request, server_side=True)
            try:
                super().finish_request(request, client_address)
            finally:
                request.close()

    context = None
    if contexts is not None:
        context = contexts[""]

        def choose(connection: ssl.SSLObject, name: str | None, _first: ssl.SSLContext) -> None:
            connection.context = contexts.get(name or "", contexts[""])

        context.sni_callback = choose
    server = Quiet(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield "127.0.0.1", server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


@contextmanager
def serving_github(replies: dict[str, tuple[int, object]], asked: list[str]) -> Iterator[str]:
    """Serve recorded answers of GitHub's API; who asks, and with which token, is noted."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"{self.path} {self.headers['Authorization']}")
            status, value = replies.get(self.path, (404, {"message": "Not Found"}))
            body = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Keep the tests' output short."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def good_records(apex: str = "example.com", owner: str = "ichi") -> dict[str, dict[str, list[str]]]:
    """Return the records of a domain that is set up, with www."""
    return {
        apex: {
            "SOA": ["ns1.example.net. hostmaster.example.net. 1 7200 3600 1209600 300"],
            "NS": ["ns1.example.net."], "A": list(GITHUB_A), "AAAA": list(GITHUB_AAAA),
        },
        f"www.{apex}": {"CNAME": [f"{owner}.github.io."]},
        f"{owner}.github.io": {"A": list(GITHUB_A), "AAAA": list(GITHUB_AAAA)},
        "ns1.example.net": {"A": ["127.0.0.1"]},
        f"_github-pages-challenge-{owner}.{apex}": {"TXT": ['"0123456789abcdef"']},
    }  # fmt: skip
