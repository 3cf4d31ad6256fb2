"""Style sheets and scripts under names that change with their content."""

from __future__ import annotations

from pathlib import Path

import pytest

from meishi.errors import TemplateError
from meishi.web.assets import Assets


def assets(root: Path, files: dict[str, str], settings: str = "") -> Assets:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return Assets((root,), settings)


def test_an_address_changes_with_the_content(tmp_path: Path) -> None:
    first = assets(tmp_path, {"css/a.css": "b{color:red}"}).asset("css/a.css").address
    again = assets(tmp_path, {"css/a.css": "/* why */ b { color: red }"}).asset("css/a.css").address
    other = assets(tmp_path, {"css/a.css": "b{color:blue}"}).asset("css/a.css").address

    assert first == again != other


def test_the_settings_are_the_last_rule_of_the_style_sheet(tmp_path: Path) -> None:
    found = assets(tmp_path, {"css/site.css": "b{color:red}"}, ":root{--accent:#fff}").asset("css/site.css")

    assert found.body == b"b{color:red}:root{--accent:#fff}"


def test_a_script_that_imports_another_follows_its_name(tmp_path: Path) -> None:
    files = {"js/a.js": 'import{b}from"./lib/b.js";b()', "js/lib/b.js": 'import"../c.js"', "js/c.js": "c()"}
    found = assets(tmp_path, files)

    inner = found.asset("js/lib/b.js")
    assert found.asset("js/a.js").body == f'import{{b}}from"./{inner.address[4:]}";b()'.encode()
    assert inner.body == f'import"..{found.asset("js/c.js").address[3:]}"'.encode()


def test_a_change_in_an_imported_script_changes_the_importing_one(tmp_path: Path) -> None:
    files = {"js/a.js": 'import"./b.js"', "js/b.js": "b()"}
    first = assets(tmp_path, files).asset("js/a.js").address

    assert assets(tmp_path, {**files, "js/b.js": "c()"}).asset("js/a.js").address != first


def test_scripts_that_import_each_other_are_an_error(tmp_path: Path) -> None:
    found = assets(tmp_path, {"js/a.js": 'import"./b.js"', "js/b.js": 'import"./a.js"'})

    with pytest.raises(TemplateError, match=r"static/js/b\.js: it imports \./a\.js, which imports it again"):
        found.asset("js/a.js")


@pytest.mark.parametrize(
    ("css", "published"),
    [
        ("b{background:url(/images/a.png)}", "b{background:url(../images/a.png)}"),
        ('b{background:url("/images/a.png")}', 'b{background:url("../images/a.png")}'),
        ("b{background:url(../images/a.png)}", "b{background:url(../images/a.png)}"),
        ("b{background:url(//host/a.png)}", "b{background:url(//host/a.png)}"),
        ("b{background:url(data:image/png;base64,/9j)}", "b{background:url(data:image/png;base64,/9j)}"),
    ],
)
def test_a_style_sheet_finds_its_pictures_below_any_base_path(
    tmp_path: Path, css: str, published: str
) -> None:
    assert assets(tmp_path, {"css/a.css": css}).asset("css/a.css").body.decode() == published


def test_a_style_sheet_that_imports_another_follows_its_name(tmp_path: Path) -> None:
    found = assets(
        tmp_path, {"css/a.css": '@import "b.css";@import url("./b.css");', "css/b.css": "b{top:0}"}
    )

    name = found.asset("css/b.css").address.rpartition("/")[2]
    assert found.asset("css/a.css").body.decode() == f'@import "./{name}";@import url("./{name}")'


def test_a_missing_file_is_an_error_with_a_guess(tmp_path: Path) -> None:
    found = assets(tmp_path, {"css/site.css": ""})

    with pytest.raises(TemplateError, match=r"no file static/css/sit\.css\. Did you mean css/site\.css\?"):
        found.asset("css/sit.css")


def test_a_file_that_is_not_text_is_an_error(tmp_path: Path) -> None:
    found = assets(tmp_path, {"css/a.css": ""})
    (tmp_path / "css/a.css").write_bytes(b"\xff")

    with pytest.raises(TemplateError, match=r"static/css/a\.css: the file is not UTF-8"):
        found.asset("css/a.css")
