"""From files to intentions: read, check, compare, write back."""
