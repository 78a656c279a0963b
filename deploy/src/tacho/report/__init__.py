"""How drivers drive: figures and a score for each driver and car, out of the log."""
