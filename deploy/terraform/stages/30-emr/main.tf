# Spark for the enricher and for the cars: one node, as on a laptop, or EMR Serverless. Disposable; nothing is kept here.

locals {
  prefix = "${var.project}-${var.environment}"
  name   = "${local.prefix}-emr"

  tags = {
    project     = var.project
    environment = var.environment
    stage       = "30-emr"
    managed-by  = "terraform"
  }

  cluster = var.deployment == "cluster"

  # Real-time mode holds one task for each partition for good; without it all tasks share what is there.
  held_slots        = var.trigger == "realtime" ? var.input_partitions : 0
  task_slots_needed = max(1, local.held_slots + var.window_queries)
  task_slots_reason = "one for each of ${local.held_slots} input partitions that the ${var.trigger} trigger holds and of ${var.window_queries} window queries"

  # The brokers are looked up at start: their addresses change with each new cluster. Writer schemas are what
  # `tacho aws schemas` has published, so that a reader learns of a new one by a restart.
  environment = {
    AWS_DEFAULT_REGION         = var.region
    TACHO_SCHEMAS              = "s3://${var.bucket_name}/schemas"
    TACHO_KAFKA_MODE           = "iam"
    TACHO_KAFKA_REGION         = var.region
    TACHO_KAFKA_SERVERS        = "ssm:${var.kafka_parameter_prefix}/servers"
    TACHO_ENRICHER_MASTER      = ""
    TACHO_ENRICHER_TRIGGER     = var.trigger
    TACHO_ENRICHER_DIMS        = "s3://${var.bucket_name}/data/dims"
    TACHO_ENRICHER_CHECKPOINTS = "s3://${var.bucket_name}/checkpoints"
    TACHO_ENRICHER_STOP        = "s3://${var.bucket_name}/control/enricher/stop"
  }

  # A driver that dies is started again by YARN and goes on from its checkpoint; four times an hour is a defect.
  cluster_properties = {
    "spark.yarn.maxAppAttempts"                     = "4"
    "spark.yarn.am.attemptFailuresValidityInterval" = "1h"
  }
}

module "kafka_access" {
  source = "../../modules/kafka_access"

  service      = "enricher"
  region       = var.region
  account_id   = var.account_id
  partition    = var.partition
  cluster_name = var.cluster_name
  # Spark makes a group of its own for each query and run, with groupIdPrefix before it.
  groups = ["tacho-enricher-*"]
}

module "emr" {
  source = "../../modules/emr"
  count  = local.cluster ? 1 : 0

  name                           = local.name
  region                         = var.region
  account_id                     = var.account_id
  partition                      = var.partition
  release_label                  = var.release_label
  instance_type                  = var.instance_type
  task_slots_needed              = local.task_slots_needed
  task_slots_reason              = local.task_slots_reason
  termination_protection         = var.termination_protection
  bucket_name                    = var.bucket_name
  vpc_id                         = var.vpc_id
  subnet_id                      = var.private_subnet_ids[0]
  kafka_client_security_group_id = var.kafka_client_security_group_id
  job_statements                 = local.job_statements
}

module "emr_serverless" {
  source = "../../modules/emr_serverless"
  count  = local.cluster ? 0 : 1

  name                           = local.name
  region                         = var.region
  account_id                     = var.account_id
  partition                      = var.partition
  release_label                  = var.release_label
  workers                        = var.workers
  worker_vcpus                   = var.worker_vcpus
  task_slots_needed              = local.task_slots_needed
  task_slots_reason              = local.task_slots_reason
  vpc_id                         = var.vpc_id
  subnet_ids                     = var.private_subnet_ids
  kafka_client_security_group_id = var.kafka_client_security_group_id
  job_statements                 = local.job_statements
}
