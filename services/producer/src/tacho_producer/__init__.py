"""tacho producer."""
