"""The programs' door, `/api/v1`: what the desk does, for programs that have a token."""
