"""The whole pipeline on one machine: broker, jars, topics and the supervisor of all its processes."""
