"""Episodes as an operator sees them: what each came to, and who has acknowledged it."""
