"""Meishi: a personal profile site that its owner runs, edits in the browser and publishes as static files."""

__version__ = "0.1.0"
