"""The alerter's state in Kafka: written to alerter-state, read back by whoever takes a partition over."""
