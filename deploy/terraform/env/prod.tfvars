# What every stage of this environment is given. The account comes from the keys in use (`tacho aws up` passes it on).
project     = "tacho"
environment = "prod"
region      = "eu-central-1"
partition   = "aws"
# Destroying a stage fails while its buckets or repositories hold anything.
disposable = false
