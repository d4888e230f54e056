"""The desk: where officers plan, approve and watch, and organisations choose."""
