"""The public site, which is what gets frozen."""
