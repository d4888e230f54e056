"""Bluesky, and any other server of the AT Protocol, over HTTP."""
