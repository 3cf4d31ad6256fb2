"""`flask domain`: the doctor at the terminal."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result

from small_internet import NameServer, good_records, serving_names

Run = Callable[..., Result]


@pytest.fixture
def names() -> NameServer:
    return NameServer(good_records())


@pytest.fixture
def root(
    make_site: Callable[..., Path], names: NameServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """Make a site in a checkout whose remote is at GitHub, on a small internet without web servers."""
    site = make_site()
    for command in (["init", "-q"], ["remote", "add", "origin", "https://github.com/Ichi/web.git"]):
        subprocess.run(["git", "-C", str(site), *command], check=True)
    with serving_names(names):
        monkeypatch.setenv("MEISHI_DNS_SERVERS", f"127.0.0.1:{names.port}")
        monkeypatch.setenv("MEISHI_WEB_SERVERS", "127.0.0.1:9,127.0.0.1:9")
        for name in ("GITHUB_TOKEN", "GH_TOKEN", "LC_ALL", "LC_MESSAGES"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("LANG", "C.UTF-8")
        yield site


def test_it_says_what_is_wrong_and_what_to_do(flask: Run, root: Path, names: NameServer) -> None:
    names.records["example.com"]["A"] = ["203.0.113.9"]

    done = flask(root, "domain")

    assert done.exit_code == 1
    assert done.output.startswith(
        "www.example.com\n\nok: The domain: www.example.com lies in the zone example.com."
    )
    assert (
        "error: A records (IPv4): example.com leads to other servers than GitHub's.\n"
        "    found: 203.0.113.9\n"
        "    expected: 185.199.108.153, 185.199.109.153, 185.199.110.153, 185.199.111.153\n"
        "    → Take those A records out, and enter GitHub's four.\n"
        "        ; remove: example.com. 3600 IN A 203.0.113.9\n"
        "        example.com. 3600 IN A 185.199.108.153\n"
    ) in done.output
    assert "ok: CNAME record: www.example.com leads to ichi.github.io." in done.output
    assert "of 14 checks want something." in done.output
    assert done.stderr == ""


def test_it_speaks_japanese(
    flask: Run, root: Path, names: NameServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    del names.records["www.example.com"]

    chosen = flask(root, "domain", "--language", "ja").output
    monkeypatch.setenv("LANG", "ja_JP.UTF-8")

    assert "error: CNAME レコード: www.example.com はどこも指していません。" in chosen
    assert "    → ドメインの DNS に、次の CNAME レコードを追加してください。" in chosen
    assert flask(root, "domain").output == chosen


def test_json_has_all_of_it(flask: Run, root: Path) -> None:
    done = flask(root, "domain", "--json")

    values = json.loads(done.stdout)
    assert (values["host"], values["apex"], values["owner"]) == ("www.example.com", "example.com", "Ichi")
    first = next(each for each in values["checks"] if each["level"] == "error")
    assert {"id", "subject", "level", "code", "found", "expected", "title", "what", "action", "zone"} <= set(
        first
    )


def test_another_domain_can_be_looked_at_before_it_is_set(flask: Run, root: Path, names: NameServer) -> None:
    names.records |= good_records("xn--wgv71a119e.jp", "ichi")

    done = flask(root, "domain", "日本語.jp")

    assert done.output.startswith("日本語.jp (xn--wgv71a119e.jp)\n")
    assert "ok: A records (IPv4): xn--wgv71a119e.jp leads to GitHub's servers." in done.output


def test_a_site_at_githubs_own_address_is_fine(flask: Run, root: Path, names: NameServer) -> None:
    (root / "config.toml").write_text('baseURL = "https://ichi.github.io/web/"\n', encoding="utf-8")

    done = flask(root, "domain")

    assert (done.exit_code, names.asked) == (0, [])
    assert done.output.endswith("All is well.\n")


def test_what_is_no_domain_is_said_in_one_line(flask: Run, root: Path) -> None:
    done = flask(root, "domain", "exa mple")

    assert done.exit_code == 1
    assert done.stderr == "Error: 'exa mple' is no domain. Write it like www.example.com\n"


def test_no_other_command_waits_for_dnspython() -> None:
    script = "import sys, meishi.cli, meishi.factory; sys.exit('dns' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
