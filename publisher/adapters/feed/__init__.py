"""Feeds: RSS 2.0, Atom and JSON Feed."""
