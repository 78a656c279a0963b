# The log. A new cluster is a new log: destroying this stage loses every record that was not archived.

locals {
  prefix = "${var.project}-${var.environment}"

  tags = {
    project     = var.project
    environment = var.environment
    stage       = "20-msk"
    managed-by  = "terraform"
  }

  # The arithmetic of the disks is in docs/operations.md ("How large"): seven days of the log and of what is derived from
  # it, 80 % full. 20 GiB carry 20 cars four times over, 420 GiB carry 2,000.
  sizes = {
    # Small brokers don't run Kafka 4.
    demo     = { instance_type = "kafka.t3.small", kafka_version = "3.9.x.kraft", volume_gib = 20 }
    standard = { instance_type = "kafka.m7g.large", kafka_version = "4.1.x.kraft", volume_gib = 420 }
  }
  size = local.sizes[var.size]
}

module "msk" {
  source = "../../modules/msk"

  name                     = local.prefix
  kafka_version            = coalesce(var.kafka_version, local.size.kafka_version)
  instance_type            = coalesce(var.instance_type, local.size.instance_type)
  volume_gib               = coalesce(var.volume_gib, local.size.volume_gib)
  vpc_id                   = var.vpc_id
  subnet_ids               = var.private_subnet_ids
  client_security_group_id = var.kafka_client_security_group_id
  parameter_prefix         = "/${local.prefix}/kafka"
}
