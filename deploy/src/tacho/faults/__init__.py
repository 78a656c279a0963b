"""Faults that the producer injects on purpose, as the operator switches them."""
