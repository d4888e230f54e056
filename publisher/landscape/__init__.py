"""The landscape: what the organisations work on, and which of it is alike. Pure."""
