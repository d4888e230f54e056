"""What became of it: promises and figures."""
