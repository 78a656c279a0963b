"""The edge to Kafka: the topics into the picture, without a consumer group, and this service's own status out."""
