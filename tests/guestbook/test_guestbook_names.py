"""Names that look like the owner's, or like an office, are kept for the owner."""

from __future__ import annotations

import pytest

from meishi.guestbook.names import Names, looks, skeleton

NAMES = Names(("Ichi Taro", "一太郎", "たなか"))


@pytest.mark.parametrize(
    "name",
    [
        "Ichi Taro", "ichi taro", "ICHI-TARO", "lchi Taro", "1chi Taro", "Ich1 Tar0", "Ιchi Τaro",
        "Ichi Taro ✓",
        "Ｉｃｈｉ　Ｔａｒｏ", "íchi Tarö", "I\u200bchi Taro", "一太郎", "ー太郎", "⼀太郎", "たなか",
        "admin", "Admin", "ADMIN", "Аdmin", "аԁmіn", "adrnin", "𝐀𝐝𝐦𝐢𝐧", "ⓐⓓⓜⓘⓝ", "Site Admin", "admin_2",
        "the owner",
        "管理人", "サイト管理人です", "運営", "モデレーター",
    ],
)  # fmt: skip
def test_it_is_taken(name: str) -> None:
    assert NAMES.are_taken(name)


@pytest.mark.parametrize(
    "name", ["Taro", "Ichiro", "だなか", "Robert", "Model", "Admina", "Tom", "🐱", "✓✓", "運", "管理", "田中"]
)
def test_it_is_free(name: str) -> None:
    assert not NAMES.are_taken(name)


def test_without_reserved_names_mere_signs_are_free() -> None:
    assert not Names(("✓", "")).are_taken("✓")


def test_letters_that_look_alike_have_one_look() -> None:
    assert skeleton("раураl") == skeleton("paypal")
    assert looks("Rn") == looks("m") != looks("n")
