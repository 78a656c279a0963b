"""A topic's records in files, so that a log outlives its Kafka cluster, and the way back into an empty log."""
