"""What the live side says to visitors by itself, in their language; all else the guestbook says."""

from __future__ import annotations

from meishi.guestbook.models import Outcome

WORDS = {
    "en": {
        "bad_request": "The guestbook did not understand that. Please reload the page.",
        "unknown_room": "There is no such room.",
        "rate_limited": "That was a lot at once. Please wait a moment.",
        "try_again": "The guestbook is busy. Please try again in a moment.",
        "not_yours": "Only the owner of this site may do that.",
        "full": "The guestbook is full at the moment. Please come back soon.",
    },
    "ja": {
        "bad_request": "うまく読み取れませんでした。ページを再読み込みしてください。",
        "unknown_room": "その部屋はありません。",
        "rate_limited": "短い間にたくさん届きました。少し待ってからもう一度どうぞ。",
        "try_again": "ただいま混み合っています。少し待ってからもう一度どうぞ。",
        "not_yours": "これができるのはサイトの持ち主だけです。",
        "full": "ただいま満員です。しばらくしてからお越しください。",
    },
}
#: Seconds after which a visitor is asked to come back when nobody knows better.
PATIENCE = 3


def refusal(code: str, language: str, wait: int | None = None) -> Outcome:
    """Say no, and why, in a visitor's language."""
    words = WORDS.get(language, WORDS["en"])
    return Outcome(ok=False, code=code, message=words[code], wait=wait)
