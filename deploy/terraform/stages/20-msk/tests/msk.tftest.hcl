mock_provider "aws" {
  mock_resource "aws_msk_configuration" {
    defaults = { arn = "arn:aws:kafka:eu-central-1:123456789012:configuration/tacho-dev/1-1" }
  }
}

variables {
  region                         = "eu-central-1"
  account_id                     = "123456789012"
  vpc_id                         = "vpc-1"
  private_subnet_ids             = ["subnet-1", "subnet-2", "subnet-3"]
  kafka_client_security_group_id = "sg-1"
}

run "demo_is_the_default" {
  command = apply

  assert {
    condition     = output.cluster_name == "tacho-dev" && output.kafka_parameter_prefix == "/tacho-dev/kafka"
    error_message = "The cluster or its parameters have other names."
  }
}

run "refuses_a_size_that_is_none" {
  command = plan

  variables {
    size = "huge"
  }

  expect_failures = [var.size]
}
