"""The order of the panels: the fewest lines that can be written for it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from page_files import FILES, state
from visitors import Clock, Visitor

from meishi.admin.page_order import NoRoomError, Place, new_weights
from meishi.admin.study import Study
from meishi.factory import create_app

MakeSite = Callable[..., Path]
PANELS = ["about.md", "work.md", "notes/_index.md", "contact.md", "plan.md"]


@pytest.fixture
def new_app(make_site: MakeSite, clock: Clock) -> Flask:
    return create_app(make_site(FILES), now=clock, reload=False)


def menu(study: Study, language: str = "en") -> list[str]:
    return [entry.page.path for entry in study.source.current().library.editions[language].menu]


def fewest(weights: list[int]) -> int:
    """Try every set of weights that might stay."""
    for kept in range(len(weights), -1, -1):
        for stay in combinations(range(len(weights)), kept):
            chosen = [(-1, 0), *((place, weights[place]) for place in stay)]
            fits = all(weights[place] for place in stay) and all(
                high - low >= after - before for (before, low), (after, high) in pairwise(chosen)
            )
            if fits:
                return len(weights) - kept
    raise AssertionError


@given(st.lists(st.integers(0, 12), max_size=7))
def test_as_few_weights_change_as_can_be(weights: list[int]) -> None:
    # Ranks that fall: none of them may stay without weight, but the last.
    places = [Place(weight, (-number,)) for number, weight in enumerate(weights)]
    new = new_weights(places)
    last = bool(weights) and weights[-1] == 0 and new[-1] == 0
    counted = new[:-1] if last else new

    assert all(low < high for low, high in zip([0, *counted], counted, strict=False))
    changed = sum(one != other for one, other in zip(weights, new, strict=True))
    assert changed == fewest(weights[:-1] if last else weights)


def test_those_without_weight_stay_so_where_they_come_in_order_anyway() -> None:
    places = [Place(0, ("c",)), Place(0, ("a",)), Place(0, ("b",)), Place(0, ("d",))]

    assert new_weights(places) == [10, 0, 0, 0]


def test_what_is_fixed_stays() -> None:
    assert new_weights([Place(50), Place(20, movable=False), Place(30)]) == [10, 20, 30]
    with pytest.raises(NoRoomError):
        new_weights([Place(50, movable=False), Place(20, movable=False)])
    with pytest.raises(NoRoomError):
        new_weights([Place(1), Place(1, movable=False), Place(2)])


def test_moving_one_panel_changes_its_weight_alone(owner: Visitor, study: Study) -> None:
    before = state(study.root)
    order = ["contact.md", "about.md", "work.md", "notes/_index.md", "plan.md"]

    assert owner.send("/admin/pages/order", {"order": order}).status_code == 200

    assert menu(study)[:2] == ["contact.md", "about.md"]
    assert menu(study, "ja")[:2] == ["contact.ja.md", "about.ja.md"]
    after = state(study.root)
    assert {path for path in after if after[path] != before[path]} == {
        "content/contact.md", "content/contact.ja.md",
    }  # fmt: skip
    assert after["content/contact.md"] == before["content/contact.md"].replace(b"30", b"5")


def test_the_order_as_it_is_writes_nothing(owner: Visitor, study: Study) -> None:
    before = state(study.root)

    owner.send("/admin/pages/order", {"order": PANELS})

    assert state(study.root) == before


def test_buttons_move_a_panel_without_a_script(owner: Visitor, study: Study) -> None:
    response = owner.post("/admin/pages/order", {"up": "work.md"})

    assert response.headers["Location"] == "/admin/pages/#page-work.md"
    assert menu(study)[:2] == ["work.md", "about.md"]

    owner.post("/admin/pages/order", {"down": "work.md"})
    assert menu(study)[:2] == ["about.md", "work.md"]


def test_the_first_cannot_go_further_up(owner: Visitor, study: Study) -> None:
    before = state(study.root)

    owner.post("/admin/pages/order", {"up": "about.md"})

    assert state(study.root) == before


@settings(max_examples=25)
@given(order=st.permutations(PANELS))
def test_any_order_can_be_had(order: list[str]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for path, content in FILES.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(content if isinstance(content, bytes) else content.encode())
        _in_order(root, order)


def _in_order(root: Path, order: list[str]) -> None:
    from meishi.admin.page_families import families_of
    from meishi.admin.page_order import changes_for
    from meishi.config import load_site_config
    from meishi.content.editing.fields import set_field
    from meishi.content.library import load_library

    def read() -> tuple[list[str], list[str]]:
        library = load_library(load_site_config(root), Clock()())
        shown = [one.path for one in families_of(library).card.families if one.is_panel]
        return shown, [entry.page.path.replace(".ja", "") for entry in library.editions["ja"].menu]

    library = load_library(load_site_config(root), Clock()())
    for one in changes_for(library, families_of(library), order):
        place = root / "content" / one.path
        place.write_text(set_field(place.read_text(), "weight", one.weight, one.path))
    shown, japanese = read()
    assert shown == order
    assert japanese == [path for path in order if path in japanese]


def test_what_the_settings_place_says_so(
    make_site: MakeSite, clock: Clock, owner: Visitor, study: Study
) -> None:
    config = str(FILES["config.toml"]) + '\n[[menus.main]]\npageRef = "/contact"\nweight = 1\n'
    (study.root / "config.toml").write_text(config)
    study.source.changed()

    answer = owner.send("/admin/pages/order", {"order": ["about.md", "contact.md"]})

    assert answer.status_code == 422
    assert "Contact" in answer.get_json()["message"]


@pytest.mark.parametrize("sent", [{}, [], {"order": "about.md"}, {"order": [1]}, {"order": ["../x"]}])
def test_broken_orders_are_refused(owner: Visitor, study: Study, sent: object) -> None:
    before = state(study.root)

    assert owner.send("/admin/pages/order", sent).status_code in (400, 422)
    assert state(study.root) == before


def test_a_panel_that_came_meanwhile_keeps_its_place(owner: Visitor, study: Study) -> None:
    owner.send("/admin/pages/order", {"order": ["contact.md", "about.md"]})

    found = menu(study)
    assert found.index("contact.md") < found.index("about.md")
    assert set(found) == {"about.md", "work.md", "notes/_index.md", "contact.md"}
