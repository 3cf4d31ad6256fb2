"""`flask check`: every mistake with its file, line and a way out."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]
MakeSite = Callable[..., Path]
Findings = Callable[..., list[str]]

TWO = 'baseURL = "https://www.example.com/"\ntitle = "Ichi"\n[languages.en]\nweight = 1\n[languages.ja]\n'
PAGE = "---\ntitle: x\n---\n"


def png(width: int = 2, height: int = 2) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((1 + (width + 7) // 8) * height))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.fixture
def findings(flask: Run, make_site: MakeSite) -> Findings:
    """Check a site of these files; return the lines without the summary."""

    def check(files: dict[str, str | bytes], *options: str) -> list[str]:
        done = flask(make_site(files), "check", *options)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.output.splitlines()[:-1]

    return check


def test_a_good_site_has_nothing_to_say(flask: Run, make_site: MakeSite) -> None:
    root = make_site(
        {
            "content/about.md": f"{PAGE}[notes](notes/trip/index.md#plan)\n![A hill](/images/hill.png)\n",
            "content/notes/trip/index.md": f"{PAGE}## Plan\n\n[here](#plan) ![Sea](sea.png)\n[a](/about/)",
            "content/notes/trip/sea.png": png(),
            "static/images/hill.png": png(),
        }
    )

    done = flask(root, "check", "--strict")

    assert (done.exit_code, done.output) == (0, "3 pages checked: all is well.\n")


def test_every_mistake_of_every_files_front_matter_is_told(findings: Findings) -> None:
    found = findings(
        {
            "content/a.md": "---\ntitle: x\ndraft: 5\ndate: soon\n---\n",
            "content/b.md": "---\ntags: [\n---\n",
            "content/c.md": "---\n",
            "content/d.md": b"caf\xe9\n",
        }
    )

    places = [line.split(": ")[:2] for line in found]
    assert places == [
        ["content/a.md:3", "error"],
        ["content/a.md:4", "error"],
        ["content/b.md:3", "error"],
        ["content/c.md:1", "error"],
        ["content/d.md:1", "error"],
    ]
    assert found[1].endswith("date must be a date, not 'soon'. Write `date: 2026-11-22`.")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[x](nowhere.md)", "error: the link to nowhere.md leads to no page."),
        ("[x](abuot.md)", "error: the link to abuot.md leads to no page. Did you mean about.md?"),
        ('[x]({{< ref "nowhere" >}})', "error: the link to nowhere leads to no page."),
        ("[x](/nowhere/)", "error: the link to /nowhere/ leads nowhere."),
        ("[x](/abuot/)", "error: the link to /abuot/ leads nowhere. Did you mean /about/?"),
        ("[x](/about)", "warning: the link to /about works by a redirect only. Write /about/."),
        ("[x](cv.pdf)", "error: the link to cv.pdf leads nowhere."),
        ("[x](about.md#plam)", "error: there is no heading #plam in content/about.md. Did you mean #plan?"),
        (
            "[x](/about/#nope)",
            "error: there is no heading #nope in content/about.md. Correct the",
        ),
        ("[x](#nope)", "error: there is no #nope on this page. Correct the part after #."),
        ("[x](#about)", "error: there is no #about on this page. For the panel, link to its file"),
        (
            "![x](none.png)",
            "error: the picture none.png is not there. Put it beside the page, or into static/.",
        ),
        ("![x](/images/hil.png)", "is not there. Did you mean /images/hill.png?"),
        ("![x](/images/bad.png)", "error: the picture static/images/bad.png cannot be shown:"),
        ("![](/images/hill.png)", "warning: the picture /images/hill.png has no words for those who do not"),
        ('<img src="/images/hill.png">', 'warning: an <img> has no alt. Write alt="what it shows"'),
        ("{{< nope >}}", "error: the shortcode nope is not known."),
        ("{{< details >}}", "error: the shortcode details is not closed."),
        ('<p id="a">1</p>\n\n<p id="a">2</p>', "error: the id a stands there twice. Rename one of them."),
    ],
)
def test_a_mistake_in_a_text_is_told_with_its_line(findings: Findings, text: str, line: str) -> None:
    found = findings(
        {
            "content/page.md": f"---\ntitle: Page\n---\n\nText\n\n{text}\n",
            "content/about.md": f"{PAGE}## Plan\n",
            "static/images/hill.png": png(),
            "static/images/bad.png": b"no picture",
        },
        "--quiet",
    )

    told = [one for one in found if one.startswith("content/page.md")]
    assert len(told) == 1, found
    assert told[0].startswith("content/page.md:7: ")
    assert line in told[0]


def test_links_that_lead_somewhere_are_left_alone(findings: Findings) -> None:
    text = (
        "[a](https://b.example/x) [b](mailto:a@b.example) [c](/index.xml) [d](/card/) [e](/tags/zen/)\n"
        "[f](/#about) [g](/sitemap.xml) [h](/contact.vcf) [i](/old/) ![j](https://elsewhere.example/x.png)\n"
        '<img alt="" src="/images/a.png"> [k](../images/a.png) [l](/images/a.png?x=1)\n'
        '`<img src="x">` [m](/css/site.css)\n'
    )

    assert (
        findings(
            {
                "content/page.md": f"---\ntitle: Page\ntags: [zen]\naliases: [/old/]\n---\n{text}",
                "content/about.md": PAGE,
                "static/images/a.png": png(),
            }
        )
        == []
    )


def test_addresses_that_meet_are_errors(findings: Findings) -> None:
    found = findings(
        {
            "content/a.md": "---\ntitle: A\nurl: /same/\n---\n",
            "content/b.md": "---\ntitle: B\nurl: /same/\nslug: b2\n---\n",
            "content/c.md": "---\ntitle: C\naliases:\n- /d/\n---\n",
            "content/d.md": PAGE,
            "content/e.md": "---\nurl: /Same/\n---\n",
            "content/f.md": PAGE,
            "static/f/index.html": "x",
        }
    )

    rename = "Give one of them another name, slug or url."
    assert [line for line in found if "error" in line] == [
        f"content/b.md: error: the address /same/ is also that of content/a.md. {rename}",
        "content/c.md:3: error: the alias /d/ is the address of content/d.md. Leave the alias out.",
    ]
    assert any("differ in capitals only" in line for line in found)
    assert any("static/f/index.html: warning: the static file" in line for line in found)


def test_two_panels_of_one_name_are_an_error(findings: Findings) -> None:
    found = findings({"content/a.md": "---\nslug: x\nurl: /a/\n---\n", "content/b.md": "---\nslug: x\n---\n"})

    assert found == [
        "content/b.md:2: error: the panel #x is also that of content/a.md. Give one of them another slug."
    ]


def test_what_is_not_translated_is_told(findings: Findings) -> None:
    files = {
        "config.toml": TWO,
        "content/_index.ja.md": PAGE,
        "content/about.md": PAGE,
        "content/about.ja.md": PAGE,
        "content/work.md": PAGE,
        "content/only.ja.md": PAGE,
        "content/notes/a.md": PAGE,
    }

    hint = 'It is shown in en there; untranslated = "hide" leaves it out.'
    assert findings(files) == [
        "content/notes/a.md: note: there is no translation into ja.",
        "content/only.ja.md: warning: there is no translation into en. It is left out there.",
        f"content/work.md: warning: there is no translation into ja. {hint}",
    ]
    assert len(findings(files, "--quiet")) == 2


def test_two_pages_that_claim_one_translation_are_told(findings: Findings) -> None:
    found = findings(
        {"content/a.md": "---\ntranslationKey: k\n---\n", "content/b.md": "---\ntranslationKey: k\n---\n"}
    )

    assert len(found) == 1
    assert found[0].startswith("content/b.md:2: warning: it is as much a translation as content/a.md")


def test_names_that_were_spelt_wrong_are_told(findings: Findings) -> None:
    found = findings(
        {
            "config.toml": 'titel = "x"\nbaseUrl = "https://a.example/"\nrelativeUrl = true\nanything = 1\n',
            "content/about.md": "---\ntitle: x\nmood: calm\ndarft: true\nwieght: 3\n---\n",
        }
    )

    assert found == [
        "config.toml:1: warning: titel is no setting that Meishi reads. Did you mean title?",
        "config.toml:3: warning: relativeUrl is no setting that Meishi reads. Did you mean relativeURLs?",
        "content/about.md:4: warning: darft is no field that Meishi knows. Did you mean draft?",
        "content/about.md:5: warning: wieght is no field that Meishi knows. Did you mean weight?",
    ]


def test_icons_that_do_not_exist_are_told(findings: Findings, project: Path) -> None:
    if not (project / "static/dist/icons.txt").is_file():
        pytest.skip("static/dist/ is not built")
    table = "[[params.social]]\nicon ="
    social = f'{table} "fa-gitub"\nlink = "https://a.example/"\n{table} "github"\n'
    found = findings(
        {
            "config.toml": f'[params]\nlogo = "moutain"\n{social}',
            "content/_index.md": "---\nlogo: fa-gem\n---\n",
        }
    )

    assert found == [
        "config.toml:2: warning: there is no icon 'moutain'. Did you mean mountain?",
        "config.toml:4: warning: there is no icon 'fa-gitub'. Did you mean github?",
        "config.toml:7: warning: the social link 'github' leads nowhere. Write link = \"https://…\".",
    ]


def test_pictures_that_are_far_too_large_or_broken_are_told(findings: Findings) -> None:
    found = findings(
        {
            "content/notes/trip/index.md": PAGE,
            "content/notes/trip/huge.png": png(7000, 8),
            "content/notes/trip/bad.jpg": b"not a picture",
        }
    )

    assert [line.partition(". ")[0] for line in found] == [
        "content/notes/trip/bad.jpg: warning: " + found[0].split("warning: ")[1].partition(". ")[0],
        "content/notes/trip/huge.png: warning: a very large picture: 7000 × 8, 0.0 MB",
    ]


def test_a_pages_own_picture_is_checked_too(findings: Findings) -> None:
    found = findings(
        {
            "content/a.md": "---\ntitle: A\nimage: none.png\nimageAlt: x\n---\n",
            "content/b.md": "---\ntitle: B\nimage: /b.png\n---\n",
            "static/b.png": png(),
        }
    )

    assert found == [
        "content/a.md:3: error: the picture none.png is not there. Put it beside the page, or into static/.",
        "content/b.md:3: warning: the picture /b.png has no words for it. Say what it shows with imageAlt.",
    ]


def test_markdown_inside_a_bundle_is_noted(findings: Findings) -> None:
    found = findings({"content/notes/trip/index.md": PAGE, "content/notes/trip/more.md": PAGE})

    (line,) = found
    assert line.startswith("content/notes/trip/more.md: note: the file lies in a page bundle, so it is no")
    assert line.endswith("Move it out of the folder to publish it.")


def test_broken_settings_are_one_finding(flask: Run, make_site: MakeSite) -> None:
    done = flask(make_site({"config.toml": "title = 5\n"}), "check")

    assert done.exit_code == 1
    assert done.output.splitlines() == [
        'config.toml:1: error: title must be a text in quotes, not 5. Write `title = "…"`.',
        "0 pages checked: 1 error.",
    ]


@pytest.mark.parametrize(
    ("text", "strict", "code"),
    [("[x](no.md)", False, 1), ("![](/a.png)", False, 0), ("![](/a.png)", True, 1), ("fine", True, 0)],
)
def test_the_exit_code_tells_of_errors_and_strictly_of_warnings(
    flask: Run, make_site: MakeSite, text: str, strict: bool, code: int
) -> None:
    root = make_site({"content/a.md": f"{PAGE}{text}\n", "static/a.png": png()})

    assert flask(root, "check", *(["--strict"] if strict else [])).exit_code == code


def test_json_has_a_line_for_each_finding(flask: Run, make_site: MakeSite) -> None:
    done = flask(make_site({"content/a.md": f"{PAGE}[x](no.md)\n"}), "check", "--json")

    lines = [json.loads(line) for line in done.output.splitlines()]
    assert lines == [
        {
            "level": "error",
            "path": "content/a.md",
            "line": 4,
            "message": "the link to no.md leads to no page",
            "hint": "Did you mean a.md?",
        },
        {"level": "summary", "pages": 2, "errors": 1, "warnings": 0, "notes": 0},
    ]
    assert done.exit_code == 1
