"""The contracts of the tacho pipeline: Avro schemas, the AsyncAPI catalogue, the wire codec, the connection."""
