mock_provider "aws" {}

variables {
  region           = "eu-central-1"
  account_id       = "123456789012"
  state_bucket     = "tacho-dev-state-123456789012"
  bucket_name      = "tacho-dev-data-123456789012"
  ecs_cluster_name = "tacho-dev"
  log_group_name   = "/tacho-dev/services"
  registry_name    = "tacho-dev"
}

run "is_nobodys_until_somebody_is_named" {
  command = apply

  assert {
    condition     = output.viewer_role_arn == null && output.sign_in_url == null
    error_message = "There is a role although nobody was named."
  }
}

run "is_theirs_who_are_named" {
  command = apply

  variables {
    viewer_principals = ["arn:aws:iam::210987654321:role/Evaluators"]
  }

  assert {
    condition     = output.viewer_role_arn == "arn:aws:iam::123456789012:role/tacho-dev-viewer"
    error_message = "The role has another name."
  }

  assert {
    condition     = length(output.evaluator_commands) == 5
    error_message = "There are not five commands."
  }
}
