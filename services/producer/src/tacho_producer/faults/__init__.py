"""Faults injected on purpose between simulation and sending, so that a person can watch the pipeline cope."""
