"""The domain doctor, asking a real name server, real web servers and GitHub's recorded answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from meishi.publishing.domain.doctor import Instruments, examine
from meishi.publishing.domain.lookup import Lookup
from meishi.publishing.domain.report import Check, Report, report_of
from meishi.publishing.domain.subject import Subject
from meishi.publishing.domain.web import Web
from meishi.publishing.github_api import GitHub
from small_internet import (
    GITHUB_A,
    GITHUB_AAAA,
    Authority,
    NameServer,
    good_records,
    serving_github,
    serving_names,
    serving_web,
)

HOST = "www.example.com"
SUBJECT = Subject(f"https://{HOST}/", "ichi", "web", "gh-pages", True, f"{HOST}\n")
PAGES: dict[str, Any] = {
    "status": "built", "cname": HOST, "protected_domain_state": None, "https_enforced": True,
    "https_certificate": {"state": "approved", "domains": [HOST, "example.com"]}, "build_type": "legacy",
    "source": {"branch": "gh-pages", "path": "/"},
}  # fmt: skip


@dataclass
class World:
    """Everything that the doctor asks; a test spoils one thing and looks."""

    names: NameServer
    authority: Authority
    stack: ExitStack
    pages: dict[str, Any] = field(default_factory=lambda: dict(PAGES))
    pages_status: int = 200
    web: dict[tuple[str, bool], tuple[int, str]] = field(default_factory=dict)
    certificates: dict[str, tuple[tuple[str, ...], timedelta]] = field(default_factory=dict)
    trusted: bool = True
    token: str = "ghp_0123456789abcdef0123"
    asked: list[str] = field(default_factory=list)

    def examine(self, subject: Subject = SUBJECT, patience: float = 20) -> Report:
        """Let the doctor look at the world as it is now."""
        names = self.stack.enter_context(serving_names(self.names))
        contexts = {
            name: self.authority.context(*certified, lasts=lasts)
            for name, (certified, lasts) in self.certificates.items()
        }
        plain = self.stack.enter_context(serving_web(lambda host, _: self._answer(host, False)))
        safe = self.stack.enter_context(serving_web(lambda host, _: self._answer(host, True), contexts))
        api = self.stack.enter_context(
            serving_github({"/repos/ichi/web/pages": (self.pages_status, self.pages)}, self.asked)
        )
        lookup = Lookup([names.address], patience=patience, source=(names.port, patience))
        web = Web(lookup, (plain, safe), self.authority.trust if self.trusted else None, patience=60)
        github = GitHub(api, self.token) if self.token else None
        return examine(
            subject, Instruments(lookup, web, github, lambda: datetime.now(UTC), "nobody.example.com")
        )

    def _answer(self, host: str, safe: bool) -> tuple[int, dict[str, str]]:
        status, location = self.web.get((host, safe), (404, ""))
        return status, {"Location": location} if location else {}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Make a world in which www.example.com is set up well."""
    lasts = timedelta(days=80)
    with ExitStack() as stack:
        made = World(NameServer(good_records()), Authority(tmp_path), stack)
        made.web = {
            (HOST, True): (200, ""),
            (HOST, False): (301, f"https://{HOST}/"),
            ("example.com", True): (301, f"https://{HOST}/"),
        }
        made.certificates = {
            "": (("*.github.io", "github.io"), lasts),
            HOST: ((HOST, "example.com"), lasts),
            "example.com": ((HOST, "example.com"), lasts),
        }
        yield made


def one(report: Report, check: str, subject: str = "") -> Check:
    """Return a check of a report."""
    return next(each for each in report.checks if each.id == check and subject in ("", each.subject))


def test_a_domain_that_is_set_up_is_well(world: World) -> None:
    report = world.examine()

    assert [(each.id, each.level) for each in report.checks if each.level != "good"] == []
    assert [each.id for each in report.checks] == [
        "domain", "address", "a", "aaaa", "cname", "wildcard", "caa", "challenge", "file", "pages",
        "certificate", "site", "https", "partner",
    ]  # fmt: skip
    assert (report.level, report.next, report.apex, report.partner) == (
        "good",
        None,
        "example.com",
        "example.com",
    )
    assert world.asked == [f"/repos/ichi/web/pages Bearer {world.token}"]


def test_a_site_at_the_apex_and_one_at_another_subdomain(world: World) -> None:
    world.names.records["blog.example.com"] = {"CNAME": ["ichi.github.io."]}

    apex = world.examine(replace(SUBJECT, base_url="https://example.com/"))
    blog = world.examine(replace(SUBJECT, base_url="https://blog.example.com/"))

    assert (apex.partner, one(apex, "cname").level) == (HOST, "good")
    assert (blog.partner, blog.apex) == ("", "example.com")
    assert {each.id for each in blog.checks} & {"a", "aaaa", "partner"} == set()


@pytest.mark.parametrize(
    ("spoilt", "level", "code", "missing"),
    [
        ([], "error", "missing", 4),
        (GITHUB_A[:2], "warning", "partial", 2),
        (["203.0.113.9"], "error", "foreign", 4),
        ([*GITHUB_A, "203.0.113.9"], "error", "mixed", 0),
        (["192.30.252.153", "192.30.252.154"], "error", "old", 4),
        (["104.21.3.4", "172.67.8.9"], "warning", "proxied", 4),
    ],
)
def test_a_records(world: World, spoilt: list[str], level: str, code: str, missing: int) -> None:
    world.names.records["example.com"]["A"] = spoilt

    check = one(world.examine(), "a")

    assert (check.level, check.code, check.found) == (level, code, tuple(sorted(spoilt)))
    assert check.expected == tuple(GITHUB_A)
    assert len(check.records) == missing
    if code == "mixed":
        assert check.zone_lines == ("; remove: example.com. 3600 IN A 203.0.113.9",)
    if code == "partial":
        assert check.zone_lines[0] == "example.com. 3600 IN A 185.199.110.153"


@pytest.mark.parametrize(
    ("spoilt", "level", "code"),
    [
        ([], "note", "missing"),
        (GITHUB_AAAA[:1], "note", "partial"),
        (["2001:db8::1"], "error", "foreign"),
        ([*GITHUB_AAAA, "2001:db8::1"], "error", "foreign"),
        (["2606:4700::6810:1"], "note", "missing"),
    ],
)
def test_aaaa_records(world: World, spoilt: list[str], level: str, code: str) -> None:
    world.names.records["example.com"]["AAAA"] = spoilt

    check = one(world.examine(), "aaaa")

    assert (check.level, check.code) == (level, code)


@pytest.mark.parametrize(
    ("records", "level", "code"),
    [
        ({}, "error", "missing"),
        ({"CNAME": ["ni.github.io."]}, "warning", "other_owner"),
        ({"CNAME": ["detour.example.net."]}, "warning", "detour"),
        ({"CNAME": ["example.com."]}, "warning", "apex"),
        ({"CNAME": ["host.example.net."]}, "error", "foreign"),
        ({"CNAME": ["ICHI.GitHub.io."]}, "good", "fine"),
        ({"A": GITHUB_A}, "warning", "addresses"),
        ({"A": ["203.0.113.9"]}, "error", "foreign_addresses"),
        ({"A": ["104.21.3.4"]}, "warning", "proxied"),
    ],
)
def test_cname_records(world: World, records: dict[str, list[str]], level: str, code: str) -> None:
    world.names.records[HOST] = records
    world.names.records["detour.example.net"] = {"CNAME": ["ichi.github.io."]}

    check = one(world.examine(), "cname")

    assert (check.level, check.code, check.expected) == (level, code, ("ichi.github.io.",))
    wanted = level != "good" and code != "proxied"
    assert (f"{HOST}. 3600 IN CNAME ichi.github.io." in check.zone_lines) == wanted


def test_a_partner_that_is_missing_is_a_warning_and_not_an_error(world: World) -> None:
    del world.names.records[HOST]

    check = one(world.examine(replace(SUBJECT, base_url="https://example.com/")), "cname")

    assert (check.level, check.code) == ("warning", "missing_partner")
    assert "example.com" in check.what("en") + check.action("en")


def test_where_nobody_told_the_owner_the_record_has_a_place_for_it(world: World) -> None:
    report = world.examine(Subject(f"https://{HOST}/"))

    assert one(report, "cname").code == "unknown_owner"
    assert one(report, "challenge").level == "unknown"
    assert one(report, "pages").code == "unknown"
    del world.names.records[HOST]
    missing = one(world.examine(Subject(f"https://{HOST}/")), "cname")
    assert missing.zone_lines == (f"{HOST}. 3600 IN CNAME USER.github.io.",)


def test_what_the_name_servers_say_already_is_a_matter_of_waiting(world: World) -> None:
    stale = NameServer(good_records(), ttl=900)
    stale.records["example.com"]["A"] = ["203.0.113.9"]
    stale.records[HOST] = {"CNAME": ["old.example.net."]}
    truth = world.stack.enter_context(serving_names(NameServer(good_records())))
    resolver = world.stack.enter_context(serving_names(stale))
    lookup = Lookup([resolver.address], patience=20, source=(truth.port, 60))
    web = Web(lookup, (("127.0.0.1", 9), ("127.0.0.1", 9)), patience=1)

    report = examine(SUBJECT, Instruments(lookup, web, None, lambda: datetime.now(UTC)))

    for check in (one(report, "a"), one(report, "cname")):
        assert (check.level, check.code, check.values["minutes"]) == ("wait", "waiting", "15")
        assert check.zone_lines == ()


def test_a_wildcard_opens_the_domain_to_strangers(world: World) -> None:
    world.names.records["*.example.com"] = {"A": list(GITHUB_A)}

    check = one(world.examine(), "wildcard")

    assert (check.level, check.code) == ("warning", "found")
    assert check.zone_lines == ("; remove: *.example.com. 3600 IN A …",)


@pytest.mark.parametrize(
    ("where", "values", "level", "code"),
    [
        ("example.com", ['0 issue "letsencrypt.org"'], "good", "fine"),
        ("example.com", ['0 issue "digicert.com"', '0 issue "letsencrypt.org; validationmethods=http-01"'],
         "good", "fine"),
        ("example.com", ['0 issue "digicert.com"'], "error", "blocks"),
        ("example.com", ['0 issue ";"'], "error", "blocks"),
        ("example.com", ['0 iodef "mailto:i@example.com"'], "good", "fine"),
        ("com", ['0 issue "digicert.com"'], "good", "none"),
    ],
)  # fmt: skip
def test_caa_records(world: World, where: str, values: list[str], level: str, code: str) -> None:
    world.names.records.setdefault(where, {})["CAA"] = values

    check = one(world.examine(), "caa")

    assert (check.level, check.code) == (level, code)
    if code == "blocks":
        assert check.zone_lines == ('example.com. 3600 IN CAA 0 issue "letsencrypt.org"',)


def test_the_nearest_caa_set_counts_alone(world: World) -> None:
    # www.example.com is an alias: asking it for CAA follows to ichi.github.io.
    world.names.records["ichi.github.io"]["CAA"] = ['0 issue "letsencrypt.org"']
    world.names.records["example.com"]["CAA"] = ['0 issue "digicert.com"']

    assert one(world.examine(), "caa").level == "good"


def test_the_proof_of_ownership(world: World) -> None:
    del world.names.records["_github-pages-challenge-ichi.example.com"]
    check = one(world.examine(), "challenge")
    assert (check.level, check.code) == ("warning", "missing")
    assert "_github-pages-challenge-ichi.example.com" in check.action("en")

    world.pages["protected_domain_state"] = "verified"
    assert one(world.examine(), "challenge").code == "verified"


@pytest.mark.parametrize(
    ("change", "level", "code"),
    [
        ({"cname_file": None}, "error", "missing"),
        ({"cname_file": "example.com"}, "error", "other"),
        ({"published": False, "cname_file": None}, "unknown", "unpublished"),
        ({"by_ci": True, "cname_file": None}, "good", "ci"),
    ],
)
def test_the_file_cname(world: World, change: dict[str, Any], level: str, code: str) -> None:
    check = one(world.examine(replace(SUBJECT, **change)), "file")

    assert (check.level, check.code) == (level, code)


@pytest.mark.parametrize(
    ("change", "level", "code"),
    [
        ({"cname": None}, "error", "no_domain"),
        ({"cname": "example.com"}, "error", "other_domain"),
        ({"https_enforced": False}, "warning", "not_enforced"),
        ({"https_certificate": {"state": "authorization_pending"}, "https_enforced": False}, "wait",
         "certificate"),
        ({"status": "errored"}, "error", "errored"),
        ({"build_type": "workflow"}, "error", "by_actions"),
        ({"source": {"branch": "main", "path": "/"}}, "error", "other_branch"),
        ({"source": {"branch": "gh-pages", "path": "/docs"}}, "error", "other_branch"),
    ],
)  # fmt: skip
def test_the_setting_at_github(world: World, change: dict[str, Any], level: str, code: str) -> None:
    world.pages |= change

    check = one(world.examine(), "pages")

    assert (check.level, check.code) == (level, code)
    assert "https://github.com/ichi/web/settings/pages" in check.action("en")


def test_where_ci_builds_its_pages_have_to_be_shown(world: World) -> None:
    by_ci = replace(SUBJECT, by_ci=True)
    assert one(world.examine(by_ci), "pages").code == "by_branch"

    world.pages |= {"build_type": "workflow"}
    assert one(world.examine(by_ci), "pages").code == "fine"


@pytest.mark.parametrize(
    ("status", "level", "code"), [(404, "error", "off"), (403, "error", "off"), (500, "unknown", "failed")]
)
def test_github_refuses_or_fails(world: World, status: int, level: str, code: str) -> None:
    world.pages_status, world.pages = status, {"message": "no"}

    check = one(world.examine(), "pages")

    assert (check.level, check.code) == (level, code)
    assert world.token not in json.dumps(check.what("en") + check.action("en"))


def test_without_a_token_github_is_not_asked(world: World) -> None:
    world.token = ""

    assert one(world.examine(), "pages").code == "no_token"
    assert world.asked == []


@pytest.mark.parametrize(
    ("names", "days", "level", "code"),
    [
        ((HOST,), 80, "good", "fine"),
        ((HOST,), 5, "warning", "soon"),
        ((HOST,), -3, "error", "expired"),
        (("*.github.io", "github.io"), 80, "error", "not_yet"),
        (("other.example.net",), 80, "error", "not_yet"),
    ],
)
def test_certificates(world: World, names: tuple[str, ...], days: int, level: str, code: str) -> None:
    world.certificates[HOST] = (names, timedelta(days=days, hours=1))

    report = world.examine()

    check = one(report, "certificate")
    assert (check.level, check.code) == (level, code)
    assert set(names) < set(check.found)
    assert f"{datetime.now(UTC) + timedelta(days=days, hours=1):%Y-%m-%d}" in check.found
    assert one(report, "site").level == ("good" if level != "error" else "unknown")


def test_a_certificate_that_browsers_do_not_trust(world: World) -> None:
    world.trusted = False

    check = one(world.examine(), "certificate")

    assert (check.level, check.code) == ("error", "untrusted")
    assert HOST in check.found


@pytest.mark.parametrize(
    ("answer", "level", "code"),
    [
        ((404, ""), "error", "missing"),
        ((500, ""), "error", "broken"),
        ((301, "https://ichi.github.io/web/"), "error", "elsewhere"),
        ((302, "/ja/"), "good", "fine"),
    ],
)
def test_what_https_shows(world: World, answer: tuple[int, str], level: str, code: str) -> None:
    world.web[HOST, True] = answer

    check = one(world.examine(), "site")

    assert (check.level, check.code) == (level, code)


@pytest.mark.parametrize(
    ("answer", "level", "code"),
    [
        ((200, ""), "warning", "not_enforced"),
        ((404, ""), "error", "broken"),
        ((301, "https://elsewhere.example.net/"), "error", "elsewhere"),
        ((301, f"http://{HOST}/x"), "error", "elsewhere"),
    ],
)
def test_where_http_leads(world: World, answer: tuple[int, str], level: str, code: str) -> None:
    world.web[HOST, False] = answer

    check = one(world.examine(), "https")

    assert (check.level, check.code) == (level, code)


@pytest.mark.parametrize(
    ("answer", "certified", "code"),
    [
        ((301, "https://parking.example.net/"), True, "elsewhere"),
        ((200, ""), True, "stays"),
        ((200, ""), False, "not_yet"),
    ],
)
def test_where_the_other_name_leads(
    world: World, answer: tuple[int, str], certified: bool, code: str
) -> None:
    world.web["example.com", True] = answer
    if not certified:
        del world.certificates["example.com"]

    check = one(world.examine(), "partner")

    assert (check.level, check.code) == ("warning", code)


def test_a_name_that_leads_nowhere_is_not_blamed_on_the_certificate(world: World) -> None:
    world.names.records["example.com"] |= {"A": [], "AAAA": []}
    del world.names.records[HOST]

    report = world.examine()

    assert [one(report, check).code for check in ("certificate", "https", "partner")] == ["nowhere"] * 3
    first = report.next
    assert first is not None
    assert (first.id, first.code) == ("a", "missing")


def test_servers_that_do_not_answer_over_https(world: World) -> None:
    names = world.stack.enter_context(serving_names(world.names))
    lookup = Lookup([names.address], patience=20, source=(names.port, 20))
    web = Web(lookup, (("127.0.0.1", 9), ("127.0.0.1", 9)), patience=1)

    report = examine(SUBJECT, Instruments(lookup, web, None, lambda: datetime.now(UTC)))

    assert (one(report, "certificate").code, one(report, "https").code) == ("unreachable", "unreachable")
    assert "refused" in one(report, "certificate").what("en").lower()


def test_a_domain_that_nobody_registered(world: World) -> None:
    world.names.records = {"com": {"SOA": ["a.example.net. b.example.net. 1 2 3 4 5"]}}

    report = world.examine()

    check = one(report, "domain")
    assert (check.level, check.code, len(report.checks)) == ("error", "unregistered", 3)
    assert "example.com" in check.what("en")
    assert f"{HOST}. 3600 IN CNAME ichi.github.io." in check.zone_lines
    assert len(check.zone_lines) == 9


@pytest.mark.parametrize("trouble", ["servfail", "silence"])
def test_dns_that_does_not_answer_is_no_verdict_on_the_records(world: World, trouble: str) -> None:
    world.names.trouble["*"] = trouble

    report = world.examine(patience=1)

    check = one(report, "domain")
    assert (check.level, check.code) == ("error", "failed")
    assert {each.id for each in report.checks} == {"domain", "address", "file"}


def test_one_question_that_fails_leaves_the_others(world: World) -> None:
    world.names.trouble["_github-pages-challenge-ichi.example.com"] = "servfail"

    report = world.examine()

    check = one(report, "challenge")
    assert (check.level, check.code) == ("unknown", "failed")
    assert "DNS" in check.what("ja")
    assert one(report, "a").level == "good"


def test_long_answers_come_over_tcp(world: World) -> None:
    world.names.trouble["example.com"] = "cut"

    assert one(world.examine(), "a").level == "good"


def test_a_base_url_that_does_not_fit_a_domain(world: World) -> None:
    path = one(world.examine(replace(SUBJECT, base_url=f"https://{HOST}/web/")), "address")
    plain = one(world.examine(replace(SUBJECT, base_url=f"http://{HOST}/")), "address")

    assert (path.level, path.code) == ("warning", "path")
    assert f"https://{HOST}/" in path.action("en")
    assert (plain.level, plain.code) == ("warning", "http")


def test_a_domain_in_japanese_is_asked_for_in_punycode(world: World) -> None:
    host = "xn--wgv71a119e.jp"
    world.names.records = good_records(host)
    world.certificates[host] = ((host,), timedelta(days=80))
    world.web[host, True] = (200, "")

    report = world.examine(replace(SUBJECT, base_url="https://日本語.jp/", cname_file=host))

    assert report.host == host
    assert [one(report, check).level for check in ("domain", "a", "file", "certificate")] == ["good"] * 4
    assert all(name.isascii() for name, _ in world.names.asked)


@pytest.mark.parametrize(
    ("address", "code"),
    [("https://ichi.github.io/web/", "github"), ("/", "none"), ("http://localhost:5000/", "none")],
)
def test_a_site_without_a_domain_asks_nobody(world: World, address: str, code: str) -> None:
    report = world.examine(replace(SUBJECT, base_url=address))

    assert [(each.id, each.code) for each in report.checks] == [("domain", code)]
    assert world.names.asked == []


def test_a_report_comes_back_from_its_json(world: World) -> None:
    world.names.records["example.com"]["A"] = ["203.0.113.9"]
    report = world.examine()

    values = json.loads(json.dumps(report.as_json("ja"), ensure_ascii=False))

    assert report_of(values) == report
    a = next(each for each in values["checks"] if each["id"] == "a")
    assert a["title"] == "A レコード（IPv4）"
    assert "削除" in a["action"]
    assert a["zone"][0] == "; remove: example.com. 3600 IN A 203.0.113.9"
