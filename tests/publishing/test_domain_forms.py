"""The records of a site in the shapes of registrars' forms."""

from __future__ import annotations

import pytest

from meishi.publishing.domain.forms import FORMS, Row, form_of, rows_of, text_of
from meishi.publishing.domain.names import Names
from meishi.publishing.domain.records import site_records

NAMES = Names("www.example.com", "example.com")
RECORDS = site_records(NAMES, "ichi")


@pytest.mark.parametrize(
    ("form", "first", "last"),
    [
        ("general", Row("A", "@", "185.199.108.153"), Row("CNAME", "www", "ichi.github.io")),
        ("cloudflare", Row("A", "@", "185.199.108.153"), Row("CNAME", "www", "ichi.github.io")),
        ("namecheap", Row("A Record", "@", "185.199.108.153"), Row("CNAME Record", "www", "ichi.github.io")),
        ("gandi", Row("A", "@", "185.199.108.153"), Row("CNAME", "www", "ichi.github.io.")),
        ("onamae", Row("A", "", "185.199.108.153"), Row("CNAME", "www", "ichi.github.io")),
        ("whole", Row("A", "example.com", "185.199.108.153"),
         Row("CNAME", "www.example.com", "ichi.github.io")),
    ],
)  # fmt: skip
def test_names_and_values_are_as_the_form_wants_them(form: str, first: Row, last: Row) -> None:
    rows = rows_of(form_of(form), RECORDS, "example.com")

    assert (len(rows), rows[0], rows[-1]) == (9, first, last)


def test_a_form_that_takes_several_values_gets_them_together() -> None:
    rows = rows_of(form_of("route53"), RECORDS, "example.com")

    assert [(row.type, row.name, row.value.count("\n")) for row in rows] == [
        ("A", "", 3), ("AAAA", "", 3), ("CNAME", "www", 0),
    ]  # fmt: skip


def test_some_take_a_text() -> None:
    zone = text_of(form_of("zone"), RECORDS, "example.com").splitlines()
    value = text_of(form_of("value-domain"), RECORDS, "example.com").splitlines()

    assert (zone[0], zone[-1]) == (
        "example.com. 3600 IN A 185.199.108.153",
        "www.example.com. 3600 IN CNAME ichi.github.io.",
    )
    assert (value[0], value[4], value[-1]) == (
        "a @ 185.199.108.153", "aaaa @ 2606:50c0:8000::153", "cname www ichi.github.io.",
    )  # fmt: skip
    assert text_of(form_of("gandi"), RECORDS, "example.com") == ""


def test_a_subdomain_of_a_subdomain_keeps_its_dots() -> None:
    records = site_records(Names("my.blog.example.co.jp", "example.co.jp"), "ichi")

    assert rows_of(form_of("general"), records, "example.co.jp") == [
        Row("CNAME", "my.blog", "ichi.github.io")
    ]


def test_an_unknown_form_is_the_general_one() -> None:
    assert form_of("../x") is FORMS[0]
    assert len({form.id for form in FORMS}) == len(FORMS)
