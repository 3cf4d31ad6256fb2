"""The records of a site in the shapes of common registrars' forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from meishi.publishing.domain.records import Record

#: How the form wants the name: "@" or nothing for the apex and "www" for www, or the whole name each time.
NameShape = Literal["at", "empty", "whole"]


@dataclass(frozen=True, slots=True)
class Form:
    """A registrar's form: what its columns are called, and how it wants names and values."""

    id: str
    label: str
    columns: tuple[str, str, str]  # type, name, value
    name: NameShape = "at"
    dot: bool = False  # a host as a value ends in a dot
    together: bool = False  # values of one name and type are one record, a line each
    suffix: str = ""  # what follows the type in the form's list
    text: str = ""  # a text in place of a form: "zone", or "value-domain"
    hint: str = ""  # "proxy": see the words of the study


FORMS = (
    Form("general", "", ("Type", "Name", "Value")),
    Form("cloudflare", "Cloudflare", ("Type", "Name", "Content"), hint="proxy"),
    Form("gandi", "Gandi", ("Type", "Name", "Value"), dot=True),
    Form("godaddy", "GoDaddy", ("Type", "Name", "Value")),
    Form("namecheap", "Namecheap", ("Type", "Host", "Value"), suffix=" Record", hint="parking"),
    Form("porkbun", "Porkbun", ("Type", "Host", "Answer"), "empty", hint="parking"),
    Form("route53", "Amazon Route 53", ("Record type", "Record name", "Value"), "empty", together=True),
    Form("onamae", "お名前.com", ("TYPE", "ホスト名", "VALUE"), "empty"),
    Form("sakura", "さくらのドメイン", ("タイプ", "エントリ名", "データ"), dot=True),
    Form("muumuu", "ムームードメイン", ("種別", "サブドメイン", "内容"), "empty"),
    Form("value-domain", "バリュードメイン", ("", "", ""), dot=True, text="value-domain"),
    Form("whole", "", ("Type", "Name", "Value"), "whole"),
    Form("zone", "", ("", "", ""), dot=True, text="zone"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a form."""

    type: str
    name: str
    value: str


def form_of(identity: str) -> Form:
    """Find a form, the general one where there is none of that name."""
    return next((form for form in FORMS if form.id == identity), FORMS[0])


def rows_of(form: Form, records: Sequence[Record], apex: str) -> list[Row]:
    """Write records as a form wants them."""
    rows: dict[tuple[str, ...], Row] = {}
    for number, record in enumerate(records):
        name = _name(form, record.name, apex)
        value = record.value if form.dot or record.type != "CNAME" else record.value.rstrip(".")
        key: tuple[str, ...] = (record.type, name) if form.together else (str(number),)
        known = rows.get(key)
        value = f"{known.value}\n{value}" if known is not None else value
        rows[key] = Row(f"{record.type}{form.suffix}", name, value)
    return list(rows.values())


def text_of(form: Form, records: Sequence[Record], apex: str) -> str:
    """Write records as the text that some registrars take, "" where there is a form."""
    if form.text == "zone":
        return "".join(f"{record.line}\n" for record in records)
    if form.text == "value-domain":
        return "".join(
            f"{record.type.lower()} {_name(form, record.name, apex)} {record.value}\n" for record in records
        )
    return ""


def _name(form: Form, name: str, apex: str) -> str:
    if form.name == "whole":
        return name
    if name == apex:
        return "@" if form.name == "at" else ""
    return name.removesuffix(f".{apex}")
