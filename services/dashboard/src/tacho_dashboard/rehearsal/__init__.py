"""An invented fleet in front of the picture, without Kafka, to look at the page and test it. Same seed, same fleet."""
