"""When, and to which cells: pure decisions that take `now` and return values."""
