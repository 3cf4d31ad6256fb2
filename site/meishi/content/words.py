"""The few words that Markdown itself puts on a page, by language."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_ENGLISH = {
    "table": "Table {n}",
    "footnotes": "Footnotes",
    "back": "Back to reference {n}",
    "permalink": "Permalink: {title}",
    "done": "Done",
    "todo": "To do",
    "details": "Details",
    "formula": "Formula",
    "abstract": "Abstract",
    "attention": "Attention",
    "bug": "Bug",
    "caution": "Caution",
    "danger": "Danger",
    "error": "Error",
    "example": "Example",
    "failure": "Failure",
    "hint": "Hint",
    "important": "Important",
    "info": "Info",
    "note": "Note",
    "question": "Question",
    "quote": "Quote",
    "success": "Success",
    "summary": "Summary",
    "tip": "Tip",
    "todo-note": "To do",
    "warning": "Warning",
    "video": "Video on {host}",
    "play": "Play",
    "gist": "Gist on GitHub",
    "qr": "QR code: {text}",
}
_JAPANESE = {
    "table": "表 {n}",
    "footnotes": "脚注",
    "back": "本文の注 {n} に戻る",
    "permalink": "見出しへのリンク: {title}",
    "done": "完了",
    "todo": "未完了",
    "details": "詳細",
    "formula": "数式",
    "abstract": "概要",
    "attention": "注意",
    "bug": "バグ",
    "caution": "警告",
    "danger": "危険",
    "error": "エラー",
    "example": "例",
    "failure": "失敗",
    "hint": "ヒント",
    "important": "重要",
    "info": "情報",
    "note": "メモ",
    "question": "質問",
    "quote": "引用",
    "success": "成功",
    "summary": "要約",
    "tip": "ヒント",
    "todo-note": "やること",
    "warning": "注意",
    "video": "{host} の動画",
    "play": "再生",
    "gist": "GitHub の Gist",
    "qr": "QR コード: {text}",
}
_LANGUAGES: Mapping[str, Mapping[str, str]] = MappingProxyType({"en": _ENGLISH, "ja": _JAPANESE})


def words_for(language: str, own: tuple[tuple[str, str], ...] = ()) -> Mapping[str, str]:
    """Choose the words of a language (English where there are none), the owner's own first."""
    base = _LANGUAGES.get(language.partition("-")[0].lower(), _ENGLISH)
    return {**base, **dict(own)} if own else base
