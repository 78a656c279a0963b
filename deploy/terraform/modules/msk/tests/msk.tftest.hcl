mock_provider "aws" {
  mock_resource "aws_msk_configuration" {
    defaults = { arn = "arn:aws:kafka:eu-central-1:123456789012:configuration/tacho-dev/1-1" }
  }
}

variables {
  name                     = "tacho-dev"
  kafka_version            = "4.1.x.kraft"
  instance_type            = "kafka.m7g.large"
  volume_gib               = 200
  vpc_id                   = "vpc-1"
  subnet_ids               = ["subnet-1", "subnet-2", "subnet-3"]
  client_security_group_id = "sg-1"
  parameter_prefix         = "/tacho-dev/kafka"
}

run "only_tls_and_iam_reach_the_brokers" {
  command = plan

  assert {
    condition     = aws_msk_cluster.this.encryption_info[0].encryption_in_transit[0].client_broker == "TLS"
    error_message = "Brokers take plain text."
  }

  assert {
    condition     = aws_msk_cluster.this.encryption_info[0].encryption_in_transit[0].in_cluster
    error_message = "Brokers talk plain text to each other."
  }

  assert {
    condition = (
      aws_msk_cluster.this.client_authentication[0].sasl[0].iam && !aws_msk_cluster.this.client_authentication[0].unauthenticated
    )
    error_message = "Brokers admit somebody who has not signed in with IAM."
  }

  assert {
    condition     = aws_msk_cluster.this.broker_node_group_info[0].connectivity_info[0].public_access[0].type == "DISABLED"
    error_message = "Brokers have a public address."
  }

  assert {
    condition = (
      aws_vpc_security_group_ingress_rule.clients.referenced_security_group_id == "sg-1" &&
      aws_vpc_security_group_ingress_rule.clients.from_port == 9098 && aws_vpc_security_group_ingress_rule.clients.to_port == 9098
    )
    error_message = "The brokers are open for others."
  }
}

run "acknowledged_records_stay" {
  command = plan

  assert {
    condition = toset(split("\n", aws_msk_configuration.this.server_properties)) == toset([
      "auto.create.topics.enable=false", "unclean.leader.election.enable=false", "default.replication.factor=3",
      "min.insync.replicas=2", "num.partitions=1",
    ])
    error_message = "The brokers' settings are other ones."
  }

  assert {
    condition     = aws_msk_cluster.this.number_of_broker_nodes == 3
    error_message = "There are not three brokers."
  }
}

run "brokers_write_logs" {
  command = plan

  assert {
    condition = (
      aws_msk_cluster.this.logging_info[0].broker_logs[0].cloudwatch_logs[0].enabled &&
      aws_cloudwatch_log_group.brokers.retention_in_days == 14
    )
    error_message = "Brokers' logs are not kept, or for ever."
  }
}

run "services_find_the_brokers_in_ssm" {
  command = apply

  assert {
    condition = { for key, parameter in aws_ssm_parameter.this : parameter.name => parameter.value } == {
      "/tacho-dev/kafka/servers"      = aws_msk_cluster.this.bootstrap_brokers_sasl_iam
      "/tacho-dev/kafka/cluster-arn"  = aws_msk_cluster.this.arn
      "/tacho-dev/kafka/cluster-name" = "tacho-dev"
    }
    error_message = "A parameter is missing or says something else."
  }
}

run "refuses_a_version_that_msk_does_not_have" {
  command = plan

  variables {
    kafka_version = "3.6.0"
  }

  expect_failures = [var.kafka_version]
}

run "refuses_an_unknown_broker" {
  command = plan

  variables {
    instance_type = "kafka.m7g.huge"
  }

  expect_failures = [var.instance_type]
}

run "refuses_small_brokers_for_kafka_4" {
  command = plan

  variables {
    instance_type = "kafka.t3.small"
  }

  expect_failures = [var.instance_type]
}

run "refuses_two_zones" {
  command = plan

  variables {
    subnet_ids = ["subnet-1", "subnet-2"]
  }

  expect_failures = [var.subnet_ids]
}
