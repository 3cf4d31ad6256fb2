"""What visitors are told, in their language, when a wish cannot be granted."""

from __future__ import annotations

import math

_WORDS = {
    "en": {
        "bad_request": "That could not be read. Please reload the page and try again.",
        "bad_link": "The link must be an address such as https://example.com.",
        "id_taken": "An entry of someone else is in this place. Please send yours again.",
        "unknown_room": "There is no such room.",
        "rate_limited": "That was quick. Please wait {wait}.",
        "room_slow": "Slow mode: your next entry can be sent in {wait}.",
        "read_only": "This guestbook can be read, but takes no new entries.",
        "paused": "The guestbook is having a short break. Please try again later.",
        "banned": "You cannot write here.",
        "banned_until": "You cannot write here for another {wait}.",
        "too_long": "That is too long: at most {most} letters.",
        "too_long_link": "That link is too long.",
        "empty_name": "Please tell your name.",
        "empty_body": "Please write something first.",
        "name_taken": "This name is kept for the owner. Please choose another one.",
        "stale_ticket": "The form was open for too long. Please send it again.",
        "young_ticket": "That was quick. Please send it again in {wait}.",
        "proof_needed": "One moment: your browser is checking something.",
        "not_yours": "This entry belongs to someone else.",
        "gone": "This entry is no longer there.",
        "try_again": "That did not work just now. Please try again in a moment.",
        "full": "There are too many rooms already.",
        "second": "{n} second", "seconds": "{n} seconds", "minute": "{n} minute", "minutes": "{n} minutes",
        "hour": "{n} hour", "hours": "{n} hours", "day": "{n} day", "days": "{n} days",
    },
    "ja": {
        "bad_request": "読み取れませんでした。ページを読み込み直して、もう一度お試しください。",
        "bad_link": "リンクは https://example.com のような形で書いてください。",
        "id_taken": "ほかの方の書き込みと重なりました。もう一度送信してください。",
        "unknown_room": "その部屋はありません。",
        "rate_limited": "少し間をおいて、{wait}後にもう一度お試しください。",
        "room_slow": "低速モードです。次の書き込みは{wait}後にできます。",
        "read_only": "いまは読むだけで、書き込みはできません。",
        "paused": "ただいま書き込みをお休みしています。しばらくしてからお越しください。",
        "banned": "書き込みはできません。",
        "banned_until": "あと{wait}は書き込みができません。",
        "too_long": "長すぎます。{most}文字までにしてください。",
        "too_long_link": "リンクが長すぎます。",
        "empty_name": "お名前を書いてください。",
        "empty_body": "まだ何も書かれていません。",
        "name_taken": "そのお名前は管理人のものです。別のお名前でお願いします。",
        "stale_ticket": "ページを開いてから時間がたちました。もう一度送信してください。",
        "young_ticket": "少し早すぎました。{wait}後にもう一度送信してください。",
        "proof_needed": "少々お待ちください。ブラウザが確認をしています。",
        "not_yours": "ほかの方の書き込みです。",
        "gone": "その書き込みはもうありません。",
        "try_again": "うまくいきませんでした。少ししてからもう一度お試しください。",
        "full": "部屋がいっぱいで、新しい部屋は作れません。",
        "second": "{n}秒", "seconds": "{n}秒", "minute": "{n}分", "minutes": "{n}分",
        "hour": "{n}時間", "hours": "{n}時間", "day": "{n}日", "days": "{n}日",
    },
}  # fmt: skip
_UNITS = (("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1))


def told(word: str, language: str, *, wait: float = 0, most: int = 0) -> str:
    """Return a message in a visitor's language; English, where we do not speak it."""
    words = _WORDS["ja" if language.lower().partition("-")[0] == "ja" else "en"]
    return words[word].format(wait=_span(words, wait), most=most)


def _span(words: dict[str, str], seconds: float) -> str:
    unit, length = next((unit for unit in _UNITS if seconds >= 2 * unit[1] - 1), _UNITS[-1])
    number = max(1, math.ceil(seconds / length))
    return words[unit if number == 1 else f"{unit}s"].format(n=number)
