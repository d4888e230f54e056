"""To whom exactly, how fast, again when."""
