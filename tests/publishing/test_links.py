"""The link checker finds what is broken and says nothing about what is right."""

from __future__ import annotations

from pathlib import Path

import pytest

from meishi.publishing.facts import facts_of
from meishi.publishing.links import check

WHOLE = {
    "index.html": '<h1 id="top-of-all">Home</h1><a name="old">x</a>',
    "about/index.html": '<h2 id="who-am-i">Who</h2><h2 id="日本語">語</h2>',
    "notes/a b/index.html": "A note",
    "plain.html": "<p>plain</p>",
    "img/pic.png": "bytes",
    "img/pic,large.png": "bytes",
    "css/site.css": "body{}",
    "日本/index.html": "<p>ja</p>",
}


def build(folder: Path, files: dict[str, str]) -> Path:
    for name, text in {**WHOLE, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


GOOD = [
    '<a href="/about/">',
    '<a href="/about">',
    '<a href="../about/">',
    '<a href="../about/index.html?x=1#who-am-i">',
    '<a href="/about/#who-am-i">',
    '<a href="/about/#%E6%97%A5%E6%9C%AC%E8%AA%9E">',
    '<a href="/about/#日本語">',
    '<a href="/%E6%97%A5%E6%9C%AC/">',
    '<a href="/notes/a%20b/">',
    '<a href="/#old">',
    '<a href="/#top">',
    '<a href="#">',
    '<a href="">',
    '<a href="?page=2">',
    '<a href="#here" id="here">',
    '<a href="/plain.html#:~:text=plain">',
    '<a href="mailto:me@example.com">',
    '<a href="tel:+81">',
    '<a href="https://elsewhere.example/x">',
    '<a href="//elsewhere.example/x">',
    '<a href="https://www.example.com/about/">',
    '<a href="HTTPS://WWW.example.com/about/#who-am-i">',
    '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
    '<img src="/img/pic.png" srcset="/img/pic.png 480w, /img/pic,large.png 800w">',
    '<img src="/img/pic.png" srcset="/img/pic.png, /img/pic,large.png 2x,/img/pic.png 3x">',
    "<div style=\"background: url('/img/pic.png')\"></div>",
    "<style>a{background:url(/img/pic.png)} /* url(/none.png) */</style>",
    '<link rel="canonical" href="https://www.example.com/about/">',
    '<link rel="alternate" hreflang="ja" href="https://www.example.com/%E6%97%A5%E6%9C%AC/">',
    '<link rel="me" href="https://social.example/@me">',
    '<meta property="og:image" content="https://www.example.com/img/pic.png">',
    '<meta http-equiv="refresh" content="0; url=/about/">',
    '<!-- <a href="/none/"> -->',
    '<script>var s = "<a href=\\"/none/\\">"</script>',
    '<svg><use href="#mark"/><symbol id="mark"></symbol></svg>',
    '<form action="/about/"></form>',
    '<iframe src="about:blank"></iframe>',
]

BAD = [
    ('<a href="/nowhere/">', "/nowhere/ does not exist"),
    ('<a href="/About/">', "/About/ does not exist"),
    ('<a href="/plain">', "/plain does not exist"),
    ('<a href="/img/">', "/img/ does not exist"),
    ('<a href="../nowhere/">', "../nowhere/ does not exist"),
    ('<a href="../../../../about/x">', "/about/x does not exist"),
    ('<a href="/about/#nobody">', "#nobody names a place that about/index.html does not have"),
    ('<a href="#nobody">', "#nobody names a place that page/index.html does not have"),
    ('<a href="https://www.example.com/nowhere/">', "/nowhere/ does not exist"),
    ('<area href="/nowhere/">', "/nowhere/ does not exist"),
    ('<img src="/img/none.png">', "/img/none.png does not exist"),
    ('<img src="">', "An address is empty"),
    ('<img src="/img/pic.png" srcset="/img/pic.png 1x, /img/none.png 2x">', "/img/none.png does not exist"),
    ('<source srcset="/img/none.webp 480w">', "/img/none.webp does not exist"),
    ('<video src="/v.mp4" poster="/img/pic.png">', "/v.mp4 does not exist"),
    ('<video poster="/img/none.png">', "/img/none.png does not exist"),
    ('<object data="/none.pdf">', "/none.pdf does not exist"),
    ('<p style="background:url(/none.png)">', "/none.png does not exist"),
    ('<style>@import "/none.css";</style>', "/none.css does not exist"),
    ('<link rel="stylesheet" href="/css/none.css">', "/css/none.css does not exist"),
    ('<link rel="canonical" href="https://www.example.com/none/">', "/none/ does not exist"),
    ('<link rel="preload" as="image" imagesrcset="/none.png 1x" href="/img/pic.png">', "/none.png does not"),
    ('<meta http-equiv="refresh" content="0; url=/none/">', "/none/ does not exist"),
    ('<meta property="og:image" content="https://www.example.com/none.png">', "/none.png does not exist"),
    ('<svg><use href="/icons.svg#x"/></svg>', "/icons.svg"),
    ('<script src="https://cdn.example/x.js"></script>', "contact another host, cdn.example"),
    ('<script src="//cdn.example/x.js"></script>', "contact another host, cdn.example"),
    ('<img src="https://pics.example/x.png">', "contact another host, pics.example"),
    ('<img srcset="https://pics.example/x.png 2x">', "contact another host, pics.example"),
    ('<link rel="stylesheet" href="https://fonts.example/css">', "contact another host, fonts.example"),
    ('<link rel="preconnect" href="https://fonts.example">', "contact another host, fonts.example"),
    ('<link rel="shortcut icon" href="https://i.example/i.ico">', "contact another host, i.example"),
    ('<iframe src="https://video.example/e"></iframe>', "contact another host, video.example"),
    ('<p style="background:url(https://pics.example/x)">', "contact another host, pics.example"),
    ('<style>@import url("https://fonts.example/css")</style>', "contact another host, fonts.example"),
    ('<input type="image" src="https://pics.example/x">', "contact another host, pics.example"),
]


@pytest.mark.parametrize("html", GOOD)
def test_what_is_right_is_not_reported(tmp_path: Path, html: str) -> None:
    assert check(build(tmp_path, {"page/index.html": html}), "/", "https://www.example.com") == []


@pytest.mark.parametrize(("html", "message"), BAD)
def test_what_is_broken_is_found_once(tmp_path: Path, html: str, message: str) -> None:
    problems = check(build(tmp_path, {"page/index.html": html}), "/", "https://www.example.com")
    assert len(problems) == 1, problems
    assert message in problems[0].message
    assert problems[0].file == "page/index.html"
    assert problems[0].hint


def test_a_link_out_of_the_base_path_is_found(tmp_path: Path) -> None:
    html = '<a href="/about/"></a><a href="/web/about/"></a><a href="/web"></a><a href="../about/"></a>'
    (problem,) = check(build(tmp_path, {"page/index.html": html}), "/web/", "https://me.github.io")
    assert problem.reference == "/about/"
    assert "/web/about/" in problem.hint


def test_a_neighbour_on_the_same_host_is_another_site(tmp_path: Path) -> None:
    html = '<a href="https://me.github.io/other/"></a>'
    assert check(build(tmp_path, {"page/index.html": html}), "/web/", "https://me.github.io") == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("css/a.css", "a{background:url(../img/none.png)}"),
        ("sitemap.xml", "<urlset><url><loc>https://www.example.com/none/</loc></url></urlset>"),
        (
            "feed.xml",
            '<feed><entry><link rel="alternate" href="https://www.example.com/none/"/></entry></feed>',
        ),
        (
            "feed.json",
            '{"version":"https://jsonfeed.org/version/1.1","items":[{"url":"https://www.example.com/none/"}]}',
        ),
        ("site.webmanifest", '{"icons":[{"src":"/none.png"}]}'),
        ("js/a.js", 'import {x} from "./none.js";\n'),
        ("js/b.js", 'import"https://cdn.example/none.js"'),
        ("art.svg", '<svg xmlns="http://www.w3.org/2000/svg"><image href="/none.png"/></svg>'),
    ],
)
def test_other_files_than_pages_are_checked_too(tmp_path: Path, name: str, text: str) -> None:
    problems = check(build(tmp_path, {name: text}), "/", "https://www.example.com")
    assert [problem.file for problem in problems] == [name]


def test_files_that_only_look_alike_are_left_alone(tmp_path: Path) -> None:
    files = {
        "data.json": '{"url": "/none/"}',
        "js/a.js": 'import {x} from "library";\nconst s = "from \'https://x.example\'";\nconst r = /url\\(/;',
        "css/b.css": 'a{background:url("data:image/svg+xml,%3Csvg%3E")} b{mask:url(#m)}',
    }
    assert check(build(tmp_path, files), "/", "https://www.example.com") == []


def test_a_base_element_is_followed(tmp_path: Path) -> None:
    html = '<base href="/notes/a%20b/"><a href="../../about/"></a><a href="about/"></a>'
    (problem,) = check(build(tmp_path, {"page/index.html": html}))
    assert problem.reference == "about/"


def test_a_host_can_be_allowed(tmp_path: Path) -> None:
    folder = build(tmp_path, {"page/index.html": '<img src="https://pics.example/x.png">'})
    assert check(folder, allowed_hosts=["pics.example"]) == []


def test_a_wrong_case_gets_a_hint(tmp_path: Path) -> None:
    (problem,) = check(build(tmp_path, {"page/index.html": '<a href="/About/">'}))
    assert "/about/" in problem.hint


def test_facts_of_broken_files_are_no_error() -> None:
    assert facts_of("a.json", b"{").references == ()
    assert facts_of("a.html", b"\xff\xfe<").references == ()
    assert facts_of("a.css", b"\xff").references == ()
