"""tacho enricher."""
