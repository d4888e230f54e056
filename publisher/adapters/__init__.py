"""How things travel: one service, one file."""
