"""tacho alerter."""
