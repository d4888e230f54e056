"""The door of time: the clock and the hands."""
