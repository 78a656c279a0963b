# Where the foundation is. Only append zones: their order decides the addresses of the subnets.
availability_zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
vpc_cidr           = "10.43.0.0/16"
