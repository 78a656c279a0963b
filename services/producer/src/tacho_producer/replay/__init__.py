"""Recorded drives: column maps, cleaning, gears, timing, and a report of what became of every row."""
