"""The Flask entry: `flask run` develops."""

from pathlib import Path

from meishi.cli.errors import plainly
from meishi.factory import create_app

with plainly():
    app = create_app(Path(__file__).resolve().parent)
