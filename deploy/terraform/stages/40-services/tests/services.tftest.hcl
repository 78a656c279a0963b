mock_provider "aws" {
  # The provider checks ARNs, mocked ones too.
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/mocked" }
  }

  mock_resource "aws_ecs_task_definition" {
    defaults = { arn = "arn:aws:ecs:eu-central-1:123456789012:task-definition/mocked:1" }
  }
}

variables {
  region                         = "eu-central-1"
  account_id                     = "123456789012"
  ecs_cluster_arn                = "arn:aws:ecs:eu-central-1:123456789012:cluster/tacho-dev"
  log_group_name                 = "/tacho-dev/services"
  private_subnet_ids             = ["subnet-1", "subnet-2", "subnet-3"]
  kafka_client_security_group_id = "sg-kafka"
  bucket_name                    = "tacho-dev-data-123456789012"
  bucket_arn                     = "arn:aws:s3:::tacho-dev-data-123456789012"
  cluster_name                   = "tacho-dev"
  kafka_parameter_prefix         = "/tacho-dev/kafka"
  repository_urls = {
    producer  = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/tacho-dev/producer"
    alerter   = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/tacho-dev/alerter"
    tacho     = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/tacho-dev/tacho"
    dashboard = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/tacho-dev/dashboard"
  }
}

run "what_goes_on_is_a_service_and_tacho_is_a_task" {
  command = apply

  assert {
    condition     = output.service_names == { alerter = "tacho-dev-alerter", dashboard = "tacho-dev-dashboard", producer = "tacho-dev-producer" }
    error_message = "Other services than producer, alerter and dashboard."
  }

  assert {
    condition     = output.task_families == merge(output.service_names, { tacho = "tacho-dev-tacho" })
    error_message = "Other task definitions than those of the services and tacho."
  }
}

run "brokers_are_looked_up_at_start" {
  command = plan

  assert {
    condition = alltrue(flatten([
      for definition in values(output.task_definitions) : [
        for variable in jsondecode(definition).containerDefinitions[0].environment :
        variable.value == "ssm:/tacho-dev/kafka/servers" if variable.name == "TACHO_KAFKA_SERVERS"
      ]
    ]))
    error_message = "A task would look for the brokers of an earlier cluster."
  }
}

run "a_service_is_one_entry" {
  command = plan

  variables {
    services = {
      gateway = {
        image             = "producer"
        catalogue_service = "producer"
      }
    }
  }

  assert {
    condition     = keys(output.service_names) == ["gateway"]
    error_message = "An entry is not enough for a service."
  }
}

run "refuses_a_parameter_path_without_a_slash" {
  command = plan

  variables {
    kafka_parameter_prefix = "tacho-dev/kafka"
  }

  expect_failures = [var.kafka_parameter_prefix]
}
