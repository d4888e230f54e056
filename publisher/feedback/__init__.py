"""What came back: verdicts, consent, suppression."""
