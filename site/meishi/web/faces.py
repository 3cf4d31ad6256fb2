"""The small picture of someone who writes: a crest of rings. static/js/guestbook/face.js draws the same."""

from __future__ import annotations

from markupsafe import Markup

#: So many colours there are: .f0, .f1 … of static/css/guestbook.css.
HUES = 12
_FOLDS = (5, 6, 7, 8, 9, 10, 12, 16)
#: How a ring is drawn: its dashes (a ring is as long as it has folds), and whether their ends are round.
_RINGS = (("0 1", True), (".5 .5", False), (".8 .2", False), (".2 .8", False), (".35 .65", True))
_HEARTS = (
    '<circle r="2"/>',
    '<circle r="2.5" fill="currentColor"/>',
    '<circle r="1.2" stroke-width="1"/>',
    "",
)


def face_svg(key: str, size: int = 36) -> Markup:
    """Draw the picture that belongs to a key of hexadecimal digits; the same key has always the same."""
    rest = int(f"{key[:16]:0<16}", 16)
    rest, hue = divmod(rest, HUES)
    rest, fold = divmod(rest, len(_FOLDS))
    rest, outer = divmod(rest, len(_RINGS))
    rest, inner = divmod(rest, len(_RINGS))
    rest, heart = divmod(rest, len(_HEARTS))
    rest, halved = divmod(rest, 2)
    folds = _FOLDS[fold]
    within = folds // 2 if halved and folds % 2 == 0 else folds
    rings = _ring(13, folds, outer) + _ring(7.5, within, inner, turned=rest % 2 == 1) + _HEARTS[heart]
    return Markup(
        f'<svg class="face f{hue}" viewBox="-16 -16 32 32" width="{size}" height="{size}" '
        f'fill="none" stroke="currentColor" stroke-width="4" aria-hidden="true">{rings}</svg>'
    )


def _ring(radius: float, folds: int, style: int, *, turned: bool = False) -> str:
    dashes, is_round = _RINGS[style]
    ends = ' stroke-linecap="round"' if is_round else ""
    turn = ' stroke-dashoffset=".5"' if turned else ""
    # A path, as the length of a <circle> cannot be set in older browsers.
    r, across = f"{radius:g}", f"{2 * radius:g}"
    circle = f"M{r} 0a{r} {r} 0 1 1-{across} 0 {r} {r} 0 1 1 {across} 0"
    return f'<path d="{circle}" pathLength="{folds}" stroke-dasharray="{dashes}"{ends}{turn}/>'
