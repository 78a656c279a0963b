# What every stage of this environment is given. The account comes from the keys in use (`tacho aws up` passes it on).
project     = "tacho"
environment = "dev"
region      = "eu-central-1"
partition   = "aws"
# Nothing in dev is worth keeping: `tacho aws down` may empty its buckets and repositories.
disposable = true
