"""An invented fleet in front of the picture, without Kafka, to look at the page and to test it. Same seed, same fleet."""
