"""QR codes as SVG, ready to stand in a page."""

from __future__ import annotations

from html import escape


def qr_svg(text: str, *, title: str = "") -> str:
    """Draw a QR code that prints crisply at any size; `title` is what a screen reader says.

    The modules have the class `qr-modules`, the light ground `qr-ground`; both keep their
    colours in dark pages, where an inverted code would not be read by every camera.
    """
    import segno

    # Quartile: a quarter of a printed card may be dirty or worn.
    rows = segno.make(text, error="q", boost_error=True, micro=False).matrix_iter(border=4)
    side = 0
    path = []
    for y, modules in enumerate(rows):
        row = tuple(modules)
        side = len(row)
        path += _runs(row, y)
    label = escape(title or text, quote=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="qr" viewBox="0 0 {side} {side}" width="{side * 4}"'
        f' height="{side * 4}" role="img" aria-label="{label}" shape-rendering="crispEdges">'
        f'<title>{label}</title><path class="qr-ground" fill="#fff" d="M0 0h{side}v{side}H0z"/>'
        f'<path class="qr-modules" fill="#000" d="{"".join(path)}"/></svg>'
    )


def _runs(row: tuple[int, ...], y: int) -> list[str]:
    """Write each run of dark modules as a rectangle."""
    parts = []
    start = None
    for x, dark in enumerate((*row, 0)):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            parts.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
            start = None
    return parts
