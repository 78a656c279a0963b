mock_provider "aws" {}

variables {
  name             = "tacho-dev-viewer"
  project          = "tacho"
  environment      = "dev"
  region           = "eu-central-1"
  account_id       = "123456789012"
  partition        = "aws"
  principals       = ["arn:aws:iam::210987654321:user/evaluator"]
  bucket_name      = "tacho-dev-data-123456789012"
  state_bucket     = "tacho-dev-state-123456789012"
  ecs_cluster_name = "tacho-dev"
  service_names    = ["tacho-dev-alerter", "tacho-dev-producer"]
  log_group_name   = "/tacho-dev/services"
  registry_name    = "tacho-dev"
}

run "nobody_may_look_by_default" {
  command = plan

  variables {
    principals = []
  }

  assert {
    condition     = length(aws_iam_role.viewer) == 0 && output.role_arn == null && output.sign_in_url == null
    error_message = "There is a role although nobody was named."
  }
}

run "only_who_is_named_may_look_and_for_an_hour" {
  command = plan

  assert {
    condition     = jsondecode(aws_iam_role.viewer[0].assume_role_policy).Statement[0].Principal.AWS == ["arn:aws:iam::210987654321:user/evaluator"]
    error_message = "Others may look."
  }

  assert {
    condition     = aws_iam_role.viewer[0].max_session_duration == 3600
    error_message = "A session lasts longer than an hour."
  }
}

run "state_checkpoints_secrets_and_records_are_denied" {
  command = plan

  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.viewer[0].policy).Statement : statement.Sid if statement.Effect == "Deny"
    ] == ["NoTerraformState", "NoCheckpointsAndArchives", "NoSecrets", "NoRecords"]
    error_message = "Something that must stay hidden is not denied."
  }
}

run "an_evaluator_types_five_commands" {
  command = plan

  assert {
    condition     = length(output.evaluator_commands) == 5
    error_message = "There are not five commands."
  }

  assert {
    condition     = startswith(output.sign_in_url, "https://signin.aws.amazon.com/switchrole?account=123456789012&roleName=tacho-dev-viewer")
    error_message = "The link does not lead to the role."
  }
}

run "refuses_everybody" {
  command = plan

  variables {
    principals = ["*"]
  }

  expect_failures = [var.principals]
}

run "refuses_a_whole_account" {
  command = plan

  variables {
    principals = ["arn:aws:iam::210987654321:root"]
  }

  expect_failures = [var.principals]
}
