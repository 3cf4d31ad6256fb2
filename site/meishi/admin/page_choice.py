"""Which page a request is about."""

from __future__ import annotations

from flask import abort, request

from meishi.admin.page_families import Family
from meishi.admin.page_list import View
from meishi.admin.study import Study
from meishi.content.editing.paths import content_path


def asked(study: Study) -> tuple[View, Family]:
    """Find the page that a request names by `path`; an unknown one is answered with 404."""
    view = study.pages.view(study.source.current().library, study.now())
    family = view.families.by_path.get(content_path(request.values.get("path", "")).as_posix())
    if family is None:
        abort(404)
    return view, family
