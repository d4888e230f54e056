"""What several adapters need: each module says for what."""
