# One node, as in the seed. If the release refuses real-time mode, `trigger = "micro"` gives seconds for milliseconds.
deployment    = "cluster"
instance_type = "m5.xlarge"
trigger       = "realtime"
