"""How things travel."""
