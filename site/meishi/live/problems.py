"""The page that stands in for one that cannot be shown, and has never been shown before."""

from __future__ import annotations

from flask import Flask, Response, g
from markupsafe import Markup

from meishi.errors import MeishiError

_PAGE = Markup(
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
    '<meta name="robots" content="noindex">\n</head>\n<body>\n<h1>{title}</h1>\n{text}\n</body>\n</html>\n'
)


def install_problem_page(app: Flask, *, tell: bool) -> None:
    """Answer with 500 and a readable page; `tell` says what is wrong, which is for the owner's eyes."""

    @app.errorhandler(MeishiError)
    def problem(error: MeishiError) -> Response:
        """Say that a page cannot be shown at the moment."""
        app.logger.error("%s", error)
        g.problem = True
        text = Markup("<pre>{}</pre>").format(error) if tell else Markup("<p>Please come back later.</p>")
        html = _PAGE.format(title="This page cannot be shown yet", text=text)
        return Response(html, status=500, mimetype="text/html")
