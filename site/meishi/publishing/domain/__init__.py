"""The owner's own domain: what must be entered where, and whether it is."""
