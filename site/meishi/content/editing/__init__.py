"""Changes to what the owner wrote: byte-faithful, atomic, merged, and with a way back."""
