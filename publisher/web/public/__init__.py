"""What anybody may read, and where readers decide what they receive."""
