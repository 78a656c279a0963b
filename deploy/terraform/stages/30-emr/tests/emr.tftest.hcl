mock_provider "aws" {}

variables {
  region                         = "eu-central-1"
  account_id                     = "123456789012"
  bucket_name                    = "tacho-dev-data-123456789012"
  bucket_arn                     = "arn:aws:s3:::tacho-dev-data-123456789012"
  vpc_id                         = "vpc-1"
  private_subnet_ids             = ["subnet-1", "subnet-2", "subnet-3"]
  kafka_client_security_group_id = "sg-kafka"
  cluster_name                   = "tacho-dev"
  kafka_parameter_prefix         = "/tacho-dev/kafka"
  log_group_name                 = "/tacho-dev/services"
}

run "a_cluster_and_no_application" {
  command = apply

  assert {
    condition     = output.emr_cluster_id != null && output.emr_application_id == null && output.emr_master_security_group_id != null
    error_message = "Outputs are not those of a cluster."
  }

  assert {
    condition     = output.emr_job_role_arn == "arn:aws:iam::123456789012:role/tacho-dev-emr-node"
    error_message = "Jobs have another role."
  }
}

run "an_application_and_no_cluster" {
  command = apply

  variables {
    deployment = "serverless"
  }

  assert {
    condition     = output.emr_cluster_id == null && output.emr_application_id != null && output.emr_master_security_group_id == null
    error_message = "Outputs are not those of an application."
  }

  assert {
    condition     = output.emr_job_role_arn == "arn:aws:iam::123456789012:role/tacho-dev-emr-job"
    error_message = "Jobs have another role."
  }
}

run "no_address_of_a_broker_is_baked_in" {
  command = plan

  assert {
    condition     = output.enricher_environment["TACHO_KAFKA_SERVERS"] == "ssm:/tacho-dev/kafka/servers"
    error_message = "The enricher would look for the brokers of an earlier cluster."
  }
}

run "the_enricher_writes_its_topics_and_creates_none" {
  command = plan

  assert {
    condition = !anytrue(flatten([
      for statement in local.job_statements : [for action in statement.Action : action == "kafka-cluster:CreateTopic"]
    ]))
    error_message = "The enricher may create topics."
  }

  assert {
    condition = [
      for statement in local.job_statements : statement.Resource if statement.Sid == "KafkaGroups"
    ] == [["arn:aws:kafka:eu-central-1:123456789012:group/tacho-dev/*/tacho-enricher-*"]]
    error_message = "The enricher's groups are not those Spark makes."
  }
}

run "micro_batches_need_no_slot_for_each_partition" {
  command = plan

  variables {
    trigger          = "micro"
    input_partitions = 96
  }

  assert {
    condition     = output.enricher_environment["TACHO_ENRICHER_TRIGGER"] == "micro"
    error_message = "The trigger does not reach the enricher."
  }
}

run "refuses_an_unknown_deployment" {
  command = plan

  variables {
    deployment = "eks"
  }

  expect_failures = [var.deployment]
}

run "refuses_an_unknown_trigger" {
  command = plan

  variables {
    trigger = "continuous"
  }

  expect_failures = [var.trigger]
}
