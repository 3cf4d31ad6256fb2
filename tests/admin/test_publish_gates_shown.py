"""Every gate of a publication is shown with what it found and its own way through."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from selectolax.lexbor import LexborHTMLParser
from visitors import Visitor

from meishi.admin.study import Study
from meishi.publishing.difference import Change, Difference
from meishi.publishing.gates import GATES, Finding, Gate
from meishi.publishing.journal import Journal
from meishi.publishing.planning import Plan
from meishi.publishing.publication import Publication

WHEN = datetime(2026, 11, 25, 9, tzinfo=UTC)
PAST = Publication("a" * 40, WHEN, "Ni", "ni@example.com", "Publish", "b" * 40)
FINDINGS = (
    Finding("found <b>this</b>", "/old/", "content/about.md", 3, "about.md"),
    Finding("and this", "/#old", "static/x.css"),
    Finding("and that", "/gone/"),
)
CHANGES = (
    Change("changed", "/about/", "about/index.html", 2000, 1500, "about.md", "Pages", "c" * 40, "d" * 40),
    Change("added", "/#new", "index.html", source="new.md"),
    Change("removed", "/a.png", "a.png", old_size=10),
)


def told(study: Study, outcome: str, *, dry_run: bool) -> str:
    """Write the journal of a job that found every gate closed; return its id."""
    job = "20261125T090000000000-abcdef"
    plan = Plan(
        via="push", remote="origin", remote_url="https://example.com/x.git", branch="main",
        address="https://www.example.com/", build="e" * 20, source="f" * 40, published=PAST, ahead=(PAST,),
        difference=Difference(CHANGES),
        gates=tuple(Gate(name, f"about {name}", "do this", FINDINGS) for name in GATES),
        commits=("Write <more>",), files=("content/about.md",),
    )  # fmt: skip
    journal = Journal(study.jobs.journal(job), lambda: WHEN, lambda line: line)
    journal.write("began", dry_run=dry_run, via="push", allow=[], restore="", author="Ichi", pid=1)
    journal.begin("compare")
    journal.write("plan", **plan.as_json())
    journal.write("done", "over", outcome=outcome, seconds=2.0, gates=list(GATES))
    journal.close()
    return job


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("outcome", ["looked", "refused"])
def test_every_gate_names_what_it_found_and_how_it_is_passed(
    owner: Visitor, study: Study, outcome: str, language: str
) -> None:
    job = told(study, outcome, dry_run=outcome == "looked")
    path = "/admin/publish/" if outcome == "looked" else f"/admin/publish/{job}/"
    answer = owner.get(path, headers={"Accept-Language": language})
    html = answer.get_data(as_text=True)
    page = LexborHTMLParser(html)

    assert answer.status_code == 200
    assert [box.attributes["value"] for box in page.css("input[name=allow]")] == list(GATES)
    assert {box.attributes["form"] for box in page.css("input[name=allow]")} == {"publish-form"}
    assert page.css_first("form#publish-form") is not None
    assert "found &lt;b&gt;this" in html
    assert "<b>this" not in html
    assert 'href="/admin/edit/about.md"' in html
    assert 'href="/admin/edit/static' not in html
    aliases = page.css("form[action='/admin/publish/alias'] input[name=address]")
    assert [field.attributes["value"] for field in aliases] == ["/old/", "/gone/"]


def test_a_refused_publication_that_nobody_settled_waits_on_the_page_of_publishing(
    owner: Visitor, study: Study
) -> None:
    told(study, "refused", dry_run=False)

    assert len(LexborHTMLParser(owner.get("/admin/publish/").data).css(".gate")) == len(GATES)


def test_a_public_address_that_does_not_answer_is_told(owner: Visitor, study: Study) -> None:
    job = "20261125T090000000000-abcdee"
    journal = Journal(study.jobs.journal(job), lambda: WHEN, lambda line: line)
    journal.write("began", dry_run=False, via="branch", allow=[], restore="", author="Ichi", pid=1)
    journal.begin("live")
    more = {"address": "https://www.example.com/", "publication": "a" * 40, "detail": "no such name"}
    journal.write("done", "over", outcome="hanging", seconds=60.0, gates=[], hangs="dns", **more)
    journal.close()
    html = owner.get(f"/admin/publish/{job}/").get_data(as_text=True)

    assert "the name of the site leads nowhere" in html
    assert 'href="/admin/publish/domain/"' in html
    assert "Ask the address again" in html
