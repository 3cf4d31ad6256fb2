"""The files of deploy/ fit each other and the program, and systemd takes them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from guestbook_server import KEY

from meishi.config.server import load_server_config
from meishi.serving.server import configured, read_options

SECRETS = {"MEISHI_SECRET_KEY": KEY, "POSTGRES_PASSWORD": "a word for tests"}
APPS = ("app1", "app2")


@pytest.fixture
def deploy(project: Path) -> Path:
    return project / "deploy"


@pytest.fixture
def compose(deploy: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((deploy / "compose.yaml").read_text())
    return found


def filled(value: str) -> str:
    """Put the secrets in, as Compose does from the shell's environment."""
    return re.sub(r"\$\{(\w+):\?[^}]+\}", lambda found: SECRETS[found[1]], value)


@pytest.mark.parametrize("name", APPS)
def test_compose_starts_the_processes_with_settings_that_exist(
    compose: dict[str, Any], project: Path, name: str
) -> None:
    given = {key: filled(value) for key, value in compose["services"][name]["environment"].items()}
    source = (project / "site/meishi/config/server.py").read_text()

    assert {key for key in given if f'"{key}"' not in source} == set()
    found = load_server_config(project, given)
    assert (found.host, found.port, found.trusted_proxies) == ("0.0.0.0", 8000, 1)
    # Together they are several processes, and have what these need.
    configured(project, given, read_options(["--workers", "2"]))


def test_compose_names_what_is_there(compose: dict[str, Any], deploy: Path) -> None:
    services, volumes = compose["services"], compose["volumes"]

    for name, service in services.items():
        assert set(service.get("depends_on", ())) <= set(services), name
        for mount in service.get("volumes", ()):
            source, target = mount.split(":")[:2]
            assert target.startswith("/"), mount
            assert (deploy / source).exists() if source.startswith(".") else source in volumes, mount
    app = services["app1"]
    assert (deploy / app["build"]["context"] / app["build"]["dockerfile"]).is_file()
    hosts = re.findall(r"@(\w+)/|redis://(\w+):", " ".join(app["environment"].values()))
    assert {left or right for left, right in hosts} <= set(services)
    # PostgreSQL is asked for as it is set up.
    made = services["postgres"]["environment"]
    address = f"//{made['POSTGRES_USER']}:{SECRETS['POSTGRES_PASSWORD']}@postgres/{made['POSTGRES_DB']}"
    assert address in filled(app["environment"]["MEISHI_DATABASE_URL"])
    assert filled(made["POSTGRES_PASSWORD"]) == SECRETS["POSTGRES_PASSWORD"]


def test_nginx_knows_the_processes_by_their_names_and_port(compose: dict[str, Any], deploy: Path) -> None:
    apps = [name for name, service in compose["services"].items() if "build" in service]
    ports = {compose["services"][name]["environment"]["MEISHI_PORT"] for name in apps}

    behind = re.findall(r"^\s+server (\w+):(\d+);", (deploy / "nginx.compose.conf").read_text(), re.MULTILINE)

    assert {name for name, _ in behind} == set(apps)
    assert {port for _, port in behind} == ports
    published = compose["services"]["nginx"]["ports"][0].split(":")[1]
    assert f"listen {published};" in (deploy / "nginx.compose.conf").read_text()


def test_both_nginx_files_differ_in_the_processes_alone(deploy: Path) -> None:
    texts = [(deploy / name).read_text() for name in ("nginx.conf", "nginx.compose.conf")]

    one, other = (re.sub("server_name .*;", "", text[text.index("map $http_") :]) for text in texts)

    assert one == other


def test_systemd_takes_the_units(deploy: Path, tmp_path: Path, need: Callable[..., str]) -> None:
    systemd = need("systemd-analyze")
    for name in ("meishi.service", "meishi.socket"):
        text = (deploy / name).read_text()
        # The program lies elsewhere on this machine.
        (tmp_path / name).write_text(text.replace("/srv/meishi/.venv/bin/python", "/usr/bin/env"))

    done = subprocess.run(
        [systemd, "verify", tmp_path / "meishi.service", tmp_path / "meishi.socket"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    unit = (deploy / "meishi.service").read_text()
    assert re.findall(r"^Environment=(\w+)=", unit, re.MULTILINE) == ["MEISHI_TRUSTED_PROXIES"]
    assert "ListenStream=127.0.0.1:8000" in (deploy / "meishi.socket").read_text()
