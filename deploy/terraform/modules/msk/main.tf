locals {
  # The log is worth more than its availability: no topic by typing error, no leader that lacks acknowledged records.
  properties = {
    "auto.create.topics.enable"      = false
    "unclean.leader.election.enable" = false
    "default.replication.factor"     = 3
    "min.insync.replicas"            = 2
    "num.partitions"                 = 1
  }
}

resource "aws_msk_configuration" "this" {
  # MSK keeps a deleted configuration's name for a while, and a version's configuration is for that version only.
  name              = "${var.name}-${replace(var.kafka_version, ".", "-")}"
  kafka_versions    = [var.kafka_version]
  server_properties = join("\n", [for key, value in local.properties : "${key}=${value}"])

  lifecycle {
    # A cluster moves over to the new one before the old one goes.
    create_before_destroy = true
  }
}

resource "aws_cloudwatch_log_group" "brokers" {
  name              = "/${var.name}/msk"
  retention_in_days = var.log_days
}

resource "aws_msk_cluster" "this" {
  cluster_name           = var.name
  kafka_version          = var.kafka_version
  number_of_broker_nodes = 3
  # Free. It includes a group's lag; what is finer costs by the metric.
  enhanced_monitoring = "DEFAULT"

  broker_node_group_info {
    instance_type   = var.instance_type
    client_subnets  = var.subnet_ids
    security_groups = [aws_security_group.brokers.id]

    connectivity_info {
      public_access {
        type = "DISABLED"
      }
    }

    storage_info {
      ebs_storage_info {
        volume_size = var.volume_gib
      }
    }
  }

  client_authentication {
    unauthenticated = false

    sasl {
      iam   = true
      scram = false
    }
  }

  # At rest MSK always encrypts, with the account's own aws/kafka key unless another is named.
  encryption_info {
    encryption_in_transit {
      client_broker = "TLS"
      in_cluster    = true
    }
  }

  configuration_info {
    arn      = aws_msk_configuration.this.arn
    revision = aws_msk_configuration.this.latest_revision
  }

  logging_info {
    broker_logs {
      cloudwatch_logs {
        enabled   = true
        log_group = aws_cloudwatch_log_group.brokers.name
      }
    }
  }
}

# Read by every service at start, so that a new cluster is found without a new image or task definition.
resource "aws_ssm_parameter" "this" {
  for_each = {
    servers      = aws_msk_cluster.this.bootstrap_brokers_sasl_iam
    cluster-arn  = aws_msk_cluster.this.arn
    cluster-name = aws_msk_cluster.this.cluster_name
  }

  name  = "${var.parameter_prefix}/${each.key}"
  type  = "String"
  value = each.value
}
