"""Tools that know nothing of communications."""
