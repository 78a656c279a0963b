"""The decisions of the alerter: pure, without Kafka, clock, files or randomness."""
