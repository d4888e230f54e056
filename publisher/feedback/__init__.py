"""What came back: what services tell later, and what readers agree to."""
