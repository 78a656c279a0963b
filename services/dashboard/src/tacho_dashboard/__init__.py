"""The live page of the pipeline: reads the topics, keeps a picture of them, streams it; changes nothing."""
