"""The site as it is now, whatever is broken."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from shown_site import NOW

from meishi.errors import ConfigError, TemplateError
from meishi.factory import live_reader
from meishi.web.public import PublicSite
from meishi.web.source import CurrentSite

MakeSite = Callable[..., Path]


def shown(source: CurrentSite, address: str) -> str:
    site = source.current()
    return source.answer(site, site.targets()[address]).body.decode()


def source_of(root: Path, now: Callable[[], datetime] = lambda: NOW) -> CurrentSite:
    return CurrentSite(live_reader(root, now), now)


def test_a_site_is_read_again_only_when_something_changed(make_site: MakeSite) -> None:
    source = source_of(make_site())
    first = source.current()

    assert source.current() is first
    source.changed()
    assert source.current() is not first


def test_many_visitors_wait_for_one_reading(make_site: MakeSite) -> None:
    read, count, gate = live_reader(make_site(), lambda: NOW), [0], threading.Event()

    def slow(previous: PublicSite | None) -> PublicSite:
        count[0] += 1
        gate.wait()
        return read(previous)

    source = CurrentSite(slow, lambda: NOW)
    visitors = [threading.Thread(target=source.current) for _ in range(8)]
    for visitor in visitors:
        visitor.start()
    gate.set()
    for visitor in visitors:
        visitor.join()

    assert count == [1]


def test_a_page_appears_when_its_time_has_come(make_site: MakeSite) -> None:
    moment = [NOW]
    tomorrow = (NOW + timedelta(days=1)).isoformat()
    root = make_site({"content/soon.md": f"---\ndate: {tomorrow}\n---\n"})
    source = source_of(root, lambda: moment[0])
    assert "/soon/" not in source.current().targets()

    moment[0] += timedelta(days=1)

    assert "/soon/" in source.current().targets()


def test_broken_front_matter_keeps_the_last_good_page(make_site: MakeSite) -> None:
    root = make_site({"content/about.md": "Good words."})
    source = source_of(root)
    assert "Good words." in shown(source, "/about/")

    (root / "content/about.md").write_text("---\ntitle: [\n---\nBad.", encoding="utf-8")
    source.changed()

    assert "Good words." in shown(source, "/about/")
    assert [str(error.path) for error in source.errors] == ["content/about.md"]


def test_a_broken_template_keeps_the_last_good_page_of_those_that_were_shown(make_site: MakeSite) -> None:
    root = make_site({"content/about.md": "Good words.", "templates/page.html": "{{ page.content }}"})
    source = source_of(root)
    shown(source, "/about/")

    (root / "templates/page.html").write_text("{{ lost }}", encoding="utf-8")
    source.changed()

    assert "Good words." in shown(source, "/about/")
    assert [str(error) for error in source.errors] == ["templates/page.html:1: 'lost' is undefined."]
    fresh = source_of(root)
    with pytest.raises(TemplateError):
        shown(fresh, "/about/")


def test_a_page_that_is_whole_again_is_no_longer_told_of(make_site: MakeSite) -> None:
    root = make_site({"templates/home.html": "{{ lost }}"})
    source = source_of(root)
    with pytest.raises(TemplateError):
        shown(source, "/")

    (root / "templates/home.html").write_text("whole", encoding="utf-8")
    source.changed()

    assert shown(source, "/") == "whole"
    assert source.errors == ()


def test_a_broken_config_keeps_the_whole_site(make_site: MakeSite) -> None:
    root = make_site()
    source = source_of(root)
    before = source.current()

    (root / "config.toml").write_text("title =", encoding="utf-8")
    source.changed()

    assert source.current() is before
    assert [type(error) for error in source.errors] == [ConfigError]


def test_a_site_that_was_never_whole_says_why(make_site: MakeSite) -> None:
    source = source_of(make_site({"config.toml": "title ="}))

    for _ in range(2):
        with pytest.raises(ConfigError):
            source.current()


def test_a_page_is_rendered_once_for_each_reading(make_site: MakeSite) -> None:
    source = source_of(make_site())
    site = source.current()
    target = site.targets()["/"]

    assert source.answer(site, target) is source.answer(site, target)
    source.changed()
    assert source.answer(source.current(), target) is not source.answer(site, target)
