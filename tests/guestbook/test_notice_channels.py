"""News reach the owner by real SMTP and HTTP; what a visitor wrote does nothing on the way."""

from __future__ import annotations

import email
import email.policy
import json
import os
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from meishi.config.notices import NoticeServers, Smtp, load_notice_servers
from meishi.errors import ConfigError
from meishi.guestbook.notice_channels import Mail, NoticeError, Webhook
from meishi.guestbook.notice_texts import Notice, Told, line
from small_mail_server import MailServer, certificate, mail_server

Contexts = tuple[ssl.SSLContext, ssl.SSLContext]
AT = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
PAYLOADS = (
    "<script>alert(1)</script>",
    "x\r\nBcc: victim@example.com\r\n\r\n<b>hi</b>",
    '"><img src=x onerror=alert(1)>',
    "\r\n.\r\nMAIL FROM:<evil@example.com>\r\n",
)


def told(**changes: Any) -> Told:
    return replace(
        Told("e1", "Lobby", "Hana", "Lovely page.\nBye!", "https://hana.example/", AT, True), **changes
    )


def news(*entries: Told, **changes: Any) -> Notice:
    found = entries or (told(),)
    notice = Notice("名刺", "https://live.example.com/admin/guestbook/", "en", found, len(found), 1)
    return replace(notice, **changes)


def mail_to(server: MailServer, security: str, **more: Any) -> Mail:
    smtp = Smtp("127.0.0.1", server.port, security, more.pop("user", ""), more.pop("password", ""))
    return Mail(smtp, "me@example.com", "", lambda: AT, os.urandom, **more)


def parsed(data: bytes) -> email.message.EmailMessage:
    return email.message_from_bytes(data, policy=email.policy.default)  # type: ignore[return-value]


@pytest.fixture(scope="module")
def contexts(tmp_path_factory: pytest.TempPathFactory) -> Contexts:
    return certificate(tmp_path_factory.mktemp("tls"))


def test_a_mail_tells_who_wrote_what_and_where_to_decide() -> None:
    with mail_server() as server:
        mail_to(server, "none").send(news())

    (mail,) = server.mails
    message = parsed(mail.data)
    assert (mail.sender, mail.to) == ("me@example.com", ["me@example.com"])
    assert message["Subject"] == "[名刺] 1 new in the guestbook, 1 waiting for you"
    assert message["From"].addresses[0].display_name == "名刺"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@example.com>")
    assert message.get_content_type() == "text/plain"
    text = message.get_content()
    assert "— Hana · in Lobby · 2026-11-25 10:00 UTC (waiting for you)\n    Lovely page.\n    Bye!" in text
    assert "https://live.example.com/admin/guestbook/" in text


def test_a_mail_speaks_japanese() -> None:
    with mail_server() as server:
        mail_to(server, "none").send(news(language="ja"))

    message = parsed(server.mails[0].data)
    assert message["Subject"] == "[名刺] ゲストブックに新しい書き込み1件、承認待ち1件"
    assert "返事・承認・非表示" in message.get_content()


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_that_a_visitor_writes_leaves_its_place(payload: str) -> None:
    entry = told(name=payload, body=payload, link=f"https://x.example/{payload}", room=payload)
    with mail_server() as server:
        mail_to(server, "none").send(news(entry))

    (mail,) = server.mails
    message = parsed(mail.data)
    assert mail.to == ["me@example.com"]
    assert message["Bcc"] is None
    assert message.get_content_type() == "text/plain"
    assert not message.is_multipart()
    lines = message.get_content().split("\n")
    assert [one for one in lines if one.startswith(("Bcc", "MAIL", ".", "<"))] == []


def test_a_long_list_is_cut() -> None:
    many = tuple(told(id=f"e{number}", body=f"Number {number}.") for number in range(50))
    with mail_server() as server:
        mail_to(server, "none").send(news(*many))

    text = parsed(server.mails[0].data).get_content()
    assert "Number 19." in text
    assert "Number 20." not in text
    assert "… and 30 more." in text


def test_the_password_is_sent_only_through_tls(contexts: Contexts) -> None:
    theirs, trusting = contexts
    for security, at_once in (("starttls", False), ("tls", True)):
        with mail_server(password="hush", tls=theirs, at_once=at_once) as server:
            mail_to(server, security, user="me", password="hush", trust=trusting).send(news())
        assert [(mail.user, mail.secure) for mail in server.mails] == [("me", True)]


def test_a_server_without_tls_gets_neither_password_nor_mail() -> None:
    with mail_server(password="hush") as server, pytest.raises(NoticeError, match="did not take the mail"):
        mail_to(server, "starttls", user="me", password="hush").send(news())

    assert "AUTH" not in server.commands
    assert server.mails == []


def test_a_stranger_in_the_servers_place_gets_nothing(
    contexts: Contexts,
) -> None:
    with (
        mail_server(password="hush", tls=contexts[0]) as server,
        pytest.raises(NoticeError, match="certificate"),
    ):
        mail_to(server, "starttls", user="me", password="hush").send(news())

    assert "AUTH" not in server.commands


def test_what_the_server_says_is_told() -> None:
    with mail_server() as server:
        server.refuse = "550 5.1.1 no such mailbox"
        with pytest.raises(NoticeError, match=r"550 5\.1\.1 no such mailbox"):
            mail_to(server, "none").send(news())
    with mail_server(password="hush") as server, pytest.raises(NoticeError, match="535") as caught:
        mail_to(server, "none", user="me", password="guess").send(news())
    assert "guess" not in str(caught.value)


def test_a_server_that_is_away_is_told() -> None:
    with mail_server() as server:
        pass
    with pytest.raises(NoticeError, match="Connection refused"):
        mail_to(server, "none").send(news())


class Hook(HTTPServer):
    """An address that keeps what it is called with."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.calls: list[tuple[str, dict[str, str], Any]] = []
        self.status = 204


class _Answer(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.calls.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Keep the tests' output short."""


@pytest.fixture
def hook() -> Iterator[Hook]:
    with Hook() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join(10)


def test_a_webhook_gets_the_entries_as_json(hook: Hook) -> None:
    Webhook(f"http://127.0.0.1:{hook.server_port}/hook/secret?x=1").send(news())

    ((path, headers, body),) = hook.calls
    assert path == "/hook/secret?x=1"
    assert headers["Content-Type"].startswith("application/json")
    assert (body["new"], body["held"], body["site"]) == (1, 1, "名刺")
    assert body["entries"] == [
        {
            "id": "e1",
            "room": "Lobby",
            "name": "Hana",
            "body": "Lovely page.\nBye!",
            "link": "https://hana.example/",
            "at": "2026-11-25T10:00:00Z",
            "held": True,
        }
    ]
    assert body["text"] == body["content"]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_webhook_that_refuses_is_told(hook: Hook, status: int) -> None:
    hook.status = status
    with pytest.raises(NoticeError, match=str(status)) as caught:
        Webhook(f"http://127.0.0.1:{hook.server_port}/hook/secret").send(news())

    assert len(hook.calls) == 1, "no redirect is followed"
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("written", "never"),
    [
        ("@everyone @here look", "@everyone"),
        ("<!channel> <@U123>", "<!channel>"),
        ("[your bank](https://evil.example)", "](https:"),
        ("<https://evil.example|your bank>", "<https"),
        ("**bold** `code` ||spoiler||", "**bold**"),
        ("a\nMallory: b", "\nMallory"),
    ],
)
def test_a_chat_acts_on_nothing_that_a_visitor_writes(written: str, never: str) -> None:
    assert never not in line(news(told(name=written, body=written)))


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("smtps://me:p%40ss@mail.example.com", Smtp("mail.example.com", 465, "tls", "me", "p@ss")),
        ("smtp://me:x@mail.example.com", Smtp("mail.example.com", 587, "starttls", "me", "x")),
        ("smtp://mail.example.com:25?tls=none", Smtp("mail.example.com", 25, "none")),
        ("smtp://localhost:25", Smtp("localhost", 25, "none")),
        ("smtp://me:x@localhost", Smtp("localhost", 587, "starttls", "me", "x")),
    ],
)
def test_a_mail_servers_address_says_how_it_is_spoken_to(address: str, found: Smtp) -> None:
    assert load_notice_servers({"MEISHI_SMTP_URL": address}) == NoticeServers(found)


@pytest.mark.parametrize(
    "address", ["mail.example.com", "http://me:hush@x", "smtp://", "smtp://x:port", "smtp://x?a=b"]
)
def test_a_wrong_address_is_named_without_its_password(address: str) -> None:
    with pytest.raises(ConfigError, match="MEISHI_SMTP_URL") as caught:
        load_notice_servers({"MEISHI_SMTP_URL": address})
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("address", ["ftp://x", "https://", "https://x/\r\nHost: y", "https://x:port/"])
def test_a_webhook_is_an_address_of_the_web(address: str) -> None:
    with pytest.raises(ConfigError, match="MEISHI_NOTICE_WEBHOOK"):
        load_notice_servers({"MEISHI_NOTICE_WEBHOOK": address})
