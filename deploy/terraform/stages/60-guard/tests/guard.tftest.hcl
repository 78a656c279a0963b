mock_provider "aws" {
  # The provider checks ARNs, mocked ones too.
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/mocked" }
  }

  mock_resource "aws_sns_topic" {
    defaults = { arn = "arn:aws:sns:eu-central-1:123456789012:mocked" }
  }

  mock_resource "aws_lambda_function" {
    defaults = { arn = "arn:aws:lambda:eu-central-1:123456789012:function:mocked" }
  }
}

variables {
  region           = "eu-central-1"
  account_id       = "123456789012"
  bucket_name      = "tacho-dev-data-123456789012"
  ecs_cluster_name = "tacho-dev"
}

run "goes_up_before_kafka_and_services_do" {
  command = apply

  assert {
    condition     = output.off_function_name == "tacho-dev-off" && output.dashboard_name == "tacho-dev"
    error_message = "The guard has other names."
  }
}

run "leaves_the_night_to_people_where_it_is_told_to" {
  command = plan

  variables {
    night_off = null
  }

  assert {
    condition     = output.off_function_name == "tacho-dev-off"
    error_message = "The switch is gone with its schedule."
  }
}
