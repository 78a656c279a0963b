mock_provider "aws" {}

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

run "refuses_an_address_that_is_none" {
  command = plan

  variables {
    alert_email = "nobody"
  }

  expect_failures = [module.guard.var.alert_email]
}
