"""The verbs: one file for each thing the product does."""
