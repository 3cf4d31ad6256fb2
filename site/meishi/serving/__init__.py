"""Serving visitors for real: `python app.py`, its logs and its processes."""
