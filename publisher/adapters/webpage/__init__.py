"""Web pages: a static site."""
