"""What it says: one render function for preview and for sending."""
