"""Signing in, and one's own account: allauth does the work, in our frame and words."""
