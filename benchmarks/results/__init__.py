"""`make results`: one seeded fleet driven through the real pipeline, and what came of it as docs/results."""
