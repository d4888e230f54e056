"""What each form looks like: one file a form."""
