"""The key and the small database in instance/: made once, for their owner's eyes, whoever starts first."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from visitors import Clock

from meishi.admin.database import NAME, Database
from meishi.admin.sessions import Sessions
from meishi.config.secret import Secret, load_secret
from meishi.config.server import load_server_config
from meishi.errors import ConfigError
from meishi.factory import create_app

MakeSite = Callable[..., Path]


def test_the_key_is_made_once_and_kept(tmp_path: Path) -> None:
    server = load_server_config(tmp_path, {})
    first = load_secret(server)

    assert len(first.key) == 64
    assert load_secret(server) == first


@pytest.mark.skipif(os.name != "posix", reason="Windows has no modes")
def test_what_lies_in_instance_is_for_the_server_s_user_alone(tmp_path: Path) -> None:
    server = load_server_config(tmp_path, {})
    load_secret(server)
    Sessions(Database(server.instance), Clock(), os.urandom).begin("password", "x")
    modes = {
        path.name: stat.S_IMODE(path.stat().st_mode) for path in (server.instance, *server.instance.iterdir())
    }

    assert modes == {"instance": 0o700, "secret.key": 0o600, NAME: 0o600}


@pytest.mark.skipif(os.name != "posix", reason="Windows has no modes")
def test_a_key_that_others_could_read_is_closed(tmp_path: Path) -> None:
    server = load_server_config(tmp_path, {})
    load_secret(server)
    (server.instance / "secret.key").chmod(0o644)
    load_secret(server)

    assert stat.S_IMODE((server.instance / "secret.key").stat().st_mode) == 0o600


def test_processes_that_start_at_once_agree_on_the_key_and_the_link(make_site: MakeSite) -> None:
    root = make_site()
    script = (
        "import sys; from pathlib import Path; from meishi.factory import create_app\n"
        "study = create_app(Path(sys.argv[1]), reload=False).extensions['study']\n"
        "print(study.secret.key.decode(), study.invitation.token())\n"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", script, str(root)], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    printed = {process.communicate()[0] for process in started}

    assert len(printed) == 1
    assert len(printed.pop().split()) == 2


def test_a_damaged_key_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    server = load_server_config(tmp_path, {})
    server.instance.mkdir()
    (server.instance / "secret.key").write_bytes(b"short")

    with pytest.raises(ConfigError, match=r"instance/secret\.key: the key is damaged\. Delete the file"):
        load_secret(server)


def test_a_folder_that_cannot_be_made_is_an_error_that_says_what_to_do(make_site: MakeSite) -> None:
    root = make_site({"instance": "a file in the way"})

    with pytest.raises(ConfigError, match=r"cannot write into the folder instance/ .* MEISHI_INSTANCE"):
        create_app(root, reload=False)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root writes everywhere")
def test_a_read_only_folder_is_an_error_that_says_what_to_do(make_site: MakeSite) -> None:
    root = make_site()
    root.chmod(0o555)
    try:
        with pytest.raises(ConfigError, match="MEISHI_INSTANCE"):
            create_app(root, reload=False)
    finally:
        root.chmod(0o755)


def test_a_broken_database_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    database = Database(tmp_path)
    database.path.write_bytes(b"this is no database, however long one looks at it" * 40)

    with pytest.raises(ConfigError, match="Move the file away"), database.reading():
        pass


def test_a_change_that_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    database = Database(tmp_path)

    def fail() -> None:
        with database.writing() as rows:
            rows.execute("insert into failures values ('a', 1, 0)")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with database.reading() as rows:
        assert rows.execute("select count(*) from failures").fetchone()[0] == 0


def test_the_folder_and_the_key_may_come_from_the_environment(tmp_path: Path) -> None:
    key = "0123456789abcdef0123456789abcdef"
    server = load_server_config(tmp_path, {"MEISHI_INSTANCE": "elsewhere", "MEISHI_SECRET_KEY": key})

    assert server.instance == tmp_path / "elsewhere"
    assert load_secret(server) == Secret(key.encode())
    assert not server.instance.exists()


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("MEISHI_TRUSTED_PROXIES", "yes", "must be a small number"),
        ("MEISHI_TRUSTED_PROXIES", "-1", "must be a small number"),
        ("MEISHI_TRUSTED_PROXIES", "²", "must be a small number"),
        ("MEISHI_SECRET_KEY", "secret", "too short"),
    ],
)
def test_a_wrong_variable_is_named(tmp_path: Path, name: str, value: str, message: str) -> None:
    with pytest.raises(ConfigError, match=f"{name}.*{message}"):
        load_server_config(tmp_path, {name: value})


def test_keys_for_different_purposes_differ_and_are_not_the_key() -> None:
    secret = Secret(b"0" * 64)

    assert len({secret.derive("a"), secret.derive("b"), secret.key}) == 3
    assert secret.sign("a", "text") != secret.sign("b", "text")
    assert "000" not in repr(secret)
