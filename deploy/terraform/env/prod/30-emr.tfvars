# Twice the slots: 24 input partitions and both window queries fit.
deployment    = "cluster"
instance_type = "m5.2xlarge"
trigger       = "realtime"
# `down` has to be meant: set this to false and bring the stage up once before.
termination_protection = true
