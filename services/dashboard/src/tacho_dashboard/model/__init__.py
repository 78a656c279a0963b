"""The picture of the pipeline: fed with decoded records, asked for everything or for what changed. Pure: no Kafka, no
clock, no web; time comes as an argument.
"""
