"""Everything the owner wrote, as values."""
