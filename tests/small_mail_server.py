"""A mail server of a few lines, on loopback: SMTP with STARTTLS and AUTH; it keeps what it is given."""

from __future__ import annotations

import base64
import datetime
import ipaddress
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Received:
    """A mail as it was handed in."""

    sender: str
    to: list[str]
    data: bytes
    user: str
    secure: bool


@dataclass
class MailServer:
    """Where it listens, what it demands, what it was told."""

    port: int = 0
    password: str = ""
    mails: list[Received] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    refuse: str = ""  # what it answers to RCPT in place of 250
    tls: ssl.SSLContext | None = None


class _Conversation(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        told = self.server.told
        self.user, self.secure = "", self.server.at_once
        self.sender: str = ""
        self.to: list[str] = []
        self._say("220 small.example ready")
        try:
            while line := self.rfile.readline().decode().strip():
                told.commands.append(line.split(":")[0].split(" ")[0].upper())
                if not self._answer(line):
                    return
        finally:
            self.rfile.close()
            self.wfile.close()
            self.connection.close()  # with STARTTLS it is another one than the server knows

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def _answer(self, line: str) -> bool:
        told, word = self.server.told, line.split(" ")[0].upper()
        if word == "EHLO":
            offers = ["small.example"]
            offers += ["STARTTLS"] if told.tls and not self.secure else []
            offers += ["AUTH PLAIN"] if told.password and (self.secure or not told.tls) else []
            for offer in offers[:-1]:
                self._say(f"250-{offer}")
            self._say(f"250 {offers[-1]}")
        elif word == "STARTTLS" and told.tls:
            self._say("220 go on")
            self.connection = told.tls.wrap_socket(self.connection, server_side=True)
            self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
            self.secure = True
        elif word == "AUTH":
            _, user, password = base64.b64decode(line.split(" ")[2]).decode().split("\0")
            self.user = user
            self._say("235 welcome" if password == told.password else "535 5.7.8 wrong password")
        elif word == "MAIL":
            self.sender = line.partition(":")[2].split(" ")[0].strip("<>")
            self._say("530 5.7.0 who are you?" if told.password and not self.user else "250 ok")
        elif word == "RCPT":
            self.to.append(line.partition(":")[2].split(" ")[0].strip("<>"))
            self._say(told.refuse or "250 ok")
        elif word == "DATA":
            self._say("354 go on, end with a dot")
            self._take()
            self._say("250 kept")
        elif word == "QUIT":
            self._say("221 bye")
            return False
        else:
            self._say("250 ok" if word in ("RSET", "NOOP") else "502 not here")
        return True

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line[1:] if line.startswith(b"..") else line)
        self.server.told.mails.append(
            Received(self.sender, list(self.to), b"".join(lines), self.user, self.secure)
        )
        self.to.clear()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, told: MailServer, at_once: bool) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.told, self.at_once = told, at_once
        told.port = self.server_address[1]

    def get_request(self) -> tuple[object, object]:  # type: ignore[override]
        connection, address = super().get_request()
        if self.at_once:
            assert self.told.tls is not None
            connection = self.told.tls.wrap_socket(connection, server_side=True)
        return connection, address

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep the tests' output short: clients break off on purpose."""


@contextmanager
def mail_server(
    *, password: str = "", tls: ssl.SSLContext | None = None, at_once: bool = False
) -> Iterator[MailServer]:
    """Run a mail server; with `at_once` it begins with TLS, else it offers STARTTLS."""
    told = MailServer(password=password, tls=tls)
    with _Server(told, at_once) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join(10)


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Make a certificate for 127.0.0.1; return the server's context, and one that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "small.example")])
    here = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([here]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "small.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cadata=made.public_bytes(serialization.Encoding.PEM).decode())
