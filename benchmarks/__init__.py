"""How fast tacho is, side by side with others on the same records: `make bench`, or `python -m benchmarks`."""
