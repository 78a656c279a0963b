"""What earlier stages would have handed on, for planning a later one by itself."""

from typing import Any

from deploy.tests.terraform.offline import ACCOUNT

REGION = "eu-central-1"

# Names are those of the stages' outputs; test_stages checks that each is one.
OUTPUTS: dict[str, Any] = {
    "state_bucket": f"tacho-dev-state-{ACCOUNT}",
    "bucket_name": f"tacho-dev-data-{ACCOUNT}",
    "bucket_arn": f"arn:aws:s3:::tacho-dev-data-{ACCOUNT}",
    "dims_path": f"s3://tacho-dev-data-{ACCOUNT}/data/dims",
    "vpc_id": "vpc-0a1b2c3d4e5f60718",
    "vpc_cidr": "10.42.0.0/16",
    "availability_zones": ["eu-central-1a", "eu-central-1b", "eu-central-1c"],
    "private_subnet_ids": ["subnet-0a1b2c3d4e5f60711", "subnet-0a1b2c3d4e5f60722", "subnet-0a1b2c3d4e5f60733"],
    "private_route_table_ids": ["rtb-0a1b2c3d4e5f60711", "rtb-0a1b2c3d4e5f60722", "rtb-0a1b2c3d4e5f60733"],
    "kafka_client_security_group_id": "sg-0a1b2c3d4e5f60718",
    "repository_urls": {
        image: f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/tacho-dev/{image}"
        for image in ("producer", "alerter", "dashboard", "tacho")
    },
    "ecs_cluster_arn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/tacho-dev",
    "ecs_cluster_name": "tacho-dev",
    "log_group_name": "/tacho-dev/services",
    "log_group_arn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/tacho-dev/services",
    "registry_name": "tacho-dev",
    "registry_arn": f"arn:aws:glue:{REGION}:{ACCOUNT}:registry/tacho-dev",
    "cluster_arn": f"arn:aws:kafka:{REGION}:{ACCOUNT}:cluster/tacho-dev/0f2c7b1a-8a1e-4f8e-9f57-2b0a4b6c1d11-3",
    "cluster_name": "tacho-dev",
    "cluster_uuid": "0f2c7b1a-8a1e-4f8e-9f57-2b0a4b6c1d11-3",
    "kafka_parameter_prefix": "/tacho-dev/kafka",
}
