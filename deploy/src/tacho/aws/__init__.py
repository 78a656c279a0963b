"""tacho on AWS: stages up and down, releases, one-off tasks, and what it all costs."""
