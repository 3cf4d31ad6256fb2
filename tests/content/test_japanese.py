"""Japanese, Chinese and Korean: line ends, emphasis, phrases, counts."""

from __future__ import annotations

import pytest
from golden_files import shown

from meishi.content.japanese import count_words, flanks, joins, phrases, reading_minutes, with_breaks
from meishi.content.markdown import MarkdownSettings, render


def html(source: str, language: str = "ja") -> str:
    return shown(render(source, MarkdownSettings(language=language)))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("本", "語", True),
        ("ア", "ｱ", True),
        ("。", "次", True),
        ("、", "A", True),
        ("A", "「", True),
        ("！", "1", True),
        ("・", "x", True),
        ("本", "A", False),
        ("A", "本", False),
        ("a", "b", False),
        ("한", "글", False),
        ("本", "글", False),
        ("。", "한", False),
        ("é", "ü", False),
        ("中", "文", True),
        ("𠮷", "野", True),
    ],
)
def test_lines_meet_without_a_space_where_none_is_written(before: str, after: str, expected: bool) -> None:
    assert joins(before, after) is expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("日本\n語", "日本語"),
        ("**日本**\n語", "<strong>日本</strong>語"),
        ("日本\n**語**", "日本<strong>語</strong>"),
        ("[日本](a)\n語", '<a href="link:a">日本</a>語'),
        ("日本\n`code`", "日本\n<code>code</code>"),
        ("日本  \n語", "日本<br>\n語"),
        ("日本\n![](a.png)", '日本\n<img src="a.png" alt="">'),
        ("日本\n<b>語</b>", "日本\n<b>語</b>"),
        ("日本\nEnglish", "日本\nEnglish"),
    ],
)
def test_paragraphs_join_their_lines(source: str, expected: str) -> None:
    assert html(source) == f"<p>{expected}</p>\n"
    assert "\n" not in render(source, MarkdownSettings()).plain


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("これは**「強調」**です", "これは<strong>「強調」</strong>です"),
        ("**強調。**次", "<strong>強調。</strong>次"),
        ("前**（注）**後", "前<strong>（注）</strong>後"),
        ("**C#**は", "<strong>C#</strong>は"),
        ("は**(a)**を", "は<strong>(a)</strong>を"),
        ("*「一」*と***「二」***と", "<em>「一」</em>と<em><strong>「二」</strong></em>と"),
        ("~~「消」~~す", "<s>「消」</s>す"),
        ("**이것(this)**은", "<strong>이것(this)</strong>은"),
        ("**“强调”**的", "<strong>“强调”</strong>的"),
        ("**`code`**を", "<strong><code>code</code></strong>を"),
        ("**[リンク](a)**を", '<strong><a href="link:a">リンク</a></strong>を'),
        ("** 空白 **は", "** 空白 **は"),
        ("a**(b)**c", "a**(b)**c"),
        ("snake_case_名_前", "snake_case_名_前"),
        ("2*3*4と5 * 6", "2<em>3</em>4と5 * 6"),
    ],
)
def test_emphasis_works_beside_japanese(source: str, expected: str) -> None:
    assert html(source) == f"<p>{expected}</p>\n"


@pytest.mark.parametrize("before", [" ", "a", ".", "é"])
@pytest.mark.parametrize("after", [" ", "a", ".", "é"])
@pytest.mark.parametrize("split", [True, False])
def test_emphasis_elsewhere_is_as_in_commonmark(before: str, after: str, split: bool) -> None:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

    mark = "*" if split else "_"
    state = StateInline(f"{before}{mark}{after}", MarkdownIt(), {}, [])
    expected = state.scanDelims(1, split)
    assert flanks(before, after, split=split) == (expected.can_open, expected.can_close)


def test_headings_break_between_phrases() -> None:
    assert phrases("今日はとても良い天気です。") == ["今日は", "とても", "良い", "天気です。"]
    assert with_breaks("今日は<天気>") == "今日は<wbr>&lt;天気&gt;"
    made = html("## 今日は*とても*良い`天気`です")
    assert 'class="phrases">今日は<' in made
    assert made.count("<wbr>") == 3 or made.count("<wbr>") == 2
    assert "<code>天気</code>" in made


@pytest.mark.parametrize(
    ("text", "language", "broken"),
    [
        ("今日はとても良い天気です", "en", True),
        ("English title", "ja", False),
        ("今天天气非常好我们出去玩吧", "zh-Hans", True),
        ("今天天氣非常好我們出去玩吧", "zh-TW", True),
        ("오늘은 날씨가 좋다", "ko", False),
        ("東京特許許可局", "en", False),
        ("", "ja", False),
    ],
)
def test_phrases_are_looked_for_where_there_are_some(text: str, language: str, broken: bool) -> None:
    assert "".join(phrases(text, language)) == text
    assert (len(phrases(text, language)) > 1) is broken


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (0, 0)),
        ("one two", (0, 2)),
        ("日本語", (3, 0)),
        ("日本語、Flask 3 です。", (5, 2)),
        ("이것은 한국어", (0, 2)),
        ("カード・ゲーム", (6, 0)),
        ("été à la mer", (0, 4)),
    ],
)
def test_counts_letters_and_words(text: str, expected: tuple[int, int]) -> None:
    assert count_words(text) == expected


def test_reading_takes_at_least_a_minute() -> None:
    assert reading_minutes(0, 0) == 1
    assert reading_minutes(1500, 0) == 3
    assert reading_minutes(500, 213) == 2
