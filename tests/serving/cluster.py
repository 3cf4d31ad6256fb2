"""Two processes of one site behind a real nginx, with a real PostgreSQL and a real Redis."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from guestbook_server import PROJECT, GuestbookServer, config, until

from postgresql_server import PostgresqlServer


def free_port() -> int:
    """Return a port that nobody listens at; Redis and nginx cannot report one that they choose."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class RedisServer:
    """A Redis that can be stopped, hung and started again."""

    def __init__(self, program: str, folder: Path) -> None:
        self.program, self.folder = program, folder
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        """Start it, at the same port as before."""
        command = [self.program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        with (self.folder / "redis.log").open("ab") as log:
            self.process = subprocess.Popen([*command, "--dir", self.folder], stdout=log, stderr=log)
        until(self._answers, "Redis answers")

    def stop(self) -> None:
        """End it."""
        self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait(30)

    def hang(self) -> None:
        """Let it take connections and answer nothing."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it go on."""
        self.process.send_signal(signal.SIGCONT)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 5) as wire:
                wire.sendall(b"PING\r\n")
                return wire.recv(16).startswith(b"+PONG")
        except OSError:
            return False


class Cluster:
    """All of it, as deploy/ describes it."""

    def __init__(self, folder: Path, need: Callable[..., str], postgresql: PostgresqlServer) -> None:
        self.stack = ExitStack()
        self.postgresql = postgresql
        self.redis = RedisServer(need("redis-server"), folder)
        self.stack.callback(self.redis.stop)
        root = folder / "site"
        (root / "content").mkdir(parents=True)
        (root / "config.toml").write_text(config())
        environ = {
            "MEISHI_DATABASE_URL": postgresql.database(),
            "MEISHI_REDIS_URL": self.redis.url,
            "MEISHI_TRUSTED_PROXIES": "1",
        }
        self.servers = []
        for _ in range(2):
            server = GuestbookServer(root, "eventlet", environ).start()
            self.stack.callback(server.stop, signal.SIGKILL)
            self.servers.append(server)
        self.url = self._nginx(need("nginx"), folder / "nginx")

    def _nginx(self, program: str, folder: Path) -> str:
        """Start nginx with the file of deploy/, the processes' ports filled in."""
        folder.mkdir()
        port = free_port()
        ports = [server.url.rpartition(":")[2] for server in self.servers]
        site = (PROJECT / "deploy" / "nginx.conf").read_text()
        for old, new in (
            ("    server 127.0.0.1:8000;", f"    server 127.0.0.1:{ports[0]};"),
            ("    # server 127.0.0.1:8001;", f"    server 127.0.0.1:{ports[1]};"),
            ("listen 80;", f"listen 127.0.0.1:{port};"),
        ):
            assert old in site, old
            site = site.replace(old, new)
        user = "user root;" if os.getuid() == 0 else ""
        (folder / "nginx.conf").write_text(
            f"daemon off; {user} pid {folder}/pid; error_log {folder}/error.log;\n"
            "events { worker_connections 2000; }\n"
            f"http {{\n" + "".join(
                f"{kind}_temp_path {folder}/{kind};\n"
                for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
            ) + site + "}\n"
        )  # fmt: skip
        command = [program, "-e", f"{folder}/error.log", "-p", str(folder), "-c", f"{folder}/nginx.conf"]
        process = subprocess.Popen(command)
        self.stack.callback(process.wait, 30)
        self.stack.callback(process.terminate)
        until(lambda: _listens(port), "nginx answers")
        return f"http://127.0.0.1:{port}"

    def close(self) -> None:
        """End it all."""
        self.stack.close()


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 5).close()
    except OSError:
        return False
    return True
