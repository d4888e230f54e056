"""How things travel: one service, one file, or a folder of its name where one is not enough."""
