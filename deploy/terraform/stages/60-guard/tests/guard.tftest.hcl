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
