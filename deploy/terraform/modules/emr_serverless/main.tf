locals {
  # A worker's cores are its size, so unlike on a node of our own a slot costs a vCPU.
  slots          = var.workers * var.worker_vcpus
  workers_needed = ceil(var.task_slots_needed / var.worker_vcpus)

  # 2 GB for each vCPU is the least that EMR Serverless sells; a tenth of it is Spark's overhead.
  gb_per_vcpu = 2
  worker_gb   = var.worker_vcpus * local.gb_per_vcpu
  driver_gb   = 4

  # Room for the enricher, and for a one-off job of one worker beside it.
  most_vcpus = (var.workers + 1) * var.worker_vcpus + 2
  most_gb    = (var.workers + 1) * local.worker_gb + 2 * local.driver_gb

  spark_properties = {
    "spark.dynamicAllocation.enabled" = "false"
    "spark.executor.instances"        = tostring(var.workers)
    "spark.executor.cores"            = tostring(var.worker_vcpus)
    "spark.executor.memory"           = "${floor(local.worker_gb * 1024 * 0.9) - 256}m"
    "spark.driver.cores"              = "1"
    "spark.driver.memory"             = "3g"
  }
}

resource "aws_emrserverless_application" "this" {
  name          = var.name
  release_label = var.release_label
  # The API takes nothing but upper case for 8.x, and the provider checks nothing.
  type         = "SPARK"
  architecture = "X86_64"

  auto_start_configuration {
    enabled = true
  }

  auto_stop_configuration {
    enabled              = true
    idle_timeout_minutes = 15
  }

  maximum_capacity {
    cpu    = "${local.most_vcpus} vCPU"
    memory = "${local.most_gb} GB"
  }

  network_configuration {
    subnet_ids         = var.subnet_ids
    security_group_ids = [aws_security_group.workers.id, var.kafka_client_security_group_id]
  }

  lifecycle {
    precondition {
      condition     = local.slots >= var.task_slots_needed
      error_message = "${var.workers} workers of ${var.worker_vcpus} vCPU have ${local.slots} task slots and the enricher needs ${var.task_slots_needed} (${var.task_slots_reason}): the smallest number of workers that fits is ${local.workers_needed}."
    }
  }
}

resource "aws_security_group" "workers" {
  name                   = "${var.name}-workers"
  description            = "Workers of ${var.name}"
  vpc_id                 = var.vpc_id
  revoke_rules_on_delete = true
}

resource "aws_vpc_security_group_egress_rule" "aws" {
  description       = "workers to AWS"
  security_group_id = aws_security_group.workers.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "peers" {
  description                  = "workers to each other"
  security_group_id            = aws_security_group.workers.id
  referenced_security_group_id = aws_security_group.workers.id
  ip_protocol                  = "-1"
}

resource "aws_vpc_security_group_ingress_rule" "peers" {
  description                  = "workers from each other"
  security_group_id            = aws_security_group.workers.id
  referenced_security_group_id = aws_security_group.workers.id
  ip_protocol                  = "-1"
}
