"""The operator's tool: runs, checks and inspects the pipeline."""
