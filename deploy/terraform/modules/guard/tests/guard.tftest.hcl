mock_provider "aws" {}

variables {
  name               = "tacho-dev"
  project            = "tacho"
  environment        = "dev"
  region             = "eu-central-1"
  account_id         = "123456789012"
  partition          = "aws"
  budget_usd         = 100
  alert_email        = "ops@example.com"
  night_off          = "cron(0 20 * * ? *)"
  timezone           = "Europe/Berlin"
  bucket_name        = "tacho-dev-data-123456789012"
  ecs_cluster_name   = "tacho-dev"
  service_names      = ["tacho-dev-alerter", "tacho-dev-producer"]
  kafka_cluster_name = "tacho-dev"
}

run "runs_every_night_in_local_time" {
  command = plan

  assert {
    condition     = aws_scheduler_schedule.off[0].schedule_expression == "cron(0 20 * * ? *)" && aws_scheduler_schedule.off[0].schedule_expression_timezone == "Europe/Berlin"
    error_message = "The switch runs at another time."
  }
}

run "may_be_left_to_people" {
  command = plan

  variables {
    night_off = null
  }

  assert {
    condition     = length(aws_scheduler_schedule.off) == 0
    error_message = "Something is switched off at night all the same."
  }
}

run "has_time_to_wait_for_the_enricher" {
  command = plan

  assert {
    condition = alltrue([
      tonumber(aws_lambda_function.off.environment[0].variables.PATIENCE_SECONDS) > 300,
      aws_lambda_function.off.timeout >= tonumber(aws_lambda_function.off.environment[0].variables.PATIENCE_SECONDS) + 120,
      aws_lambda_function.off.timeout <= 900,
    ])
    error_message = "The function ends before the enricher's epoch does, or asks for more than AWS gives."
  }
}

run "changes_nothing_but_the_marker_and_the_services" {
  command = plan

  assert {
    condition = join(" ", sort(distinct(flatten([
      for statement in jsondecode(aws_iam_role_policy.off.policy).Statement : [
        for action in statement.Action : action if !can(regex(":(Describe|List|Get)", action))
      ]
    ])))) == "ecs:UpdateService logs:CreateLogStream logs:PutLogEvents s3:PutObject sns:Publish"
    error_message = "The switch may change something else."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.off.policy).Statement : statement.Resource
      if statement.Sid == "AskTheEnricherToStop"
    ] == [["arn:aws:s3:::tacho-dev-data-123456789012/control/enricher/stop"]]
    error_message = "The switch may write other objects than the stop marker."
  }
}

run "warns_before_the_budget_is_spent" {
  command = plan

  assert {
    condition = join(", ", sort([
      for notification in aws_budgets_budget.monthly.notification : "${notification.notification_type} ${notification.threshold}"
    ])) == "ACTUAL 100, ACTUAL 80, FORECASTED 100"
    error_message = "The budget warns at other shares."
  }

  assert {
    condition     = aws_budgets_budget.monthly.limit_amount == "100"
    error_message = "The budget is another."
  }
}

run "watches_each_broker_and_each_service" {
  command = plan

  assert {
    condition = keys(aws_cloudwatch_metric_alarm.this) == [
      "alerter-lag", "kafka-disk-1", "kafka-disk-2", "kafka-disk-3", "memory-tacho-dev-alerter", "memory-tacho-dev-producer",
      "night-off", "offline-partitions",
    ]
    error_message = "Something is not watched."
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : alarm.treat_missing_data == "notBreaching"])
    error_message = "What is off at night would raise an alarm."
  }
}

run "nobody_need_give_an_address" {
  command = plan

  variables {
    alert_email = null
  }

  assert {
    condition     = length(aws_sns_topic_subscription.mail) == 0
    error_message = "There is a subscription for nobody."
  }
}

run "refuses_a_budget_of_nothing" {
  command = plan

  variables {
    budget_usd = 0
  }

  expect_failures = [var.budget_usd]
}

run "refuses_a_schedule_of_five_fields" {
  command = plan

  variables {
    night_off = "cron(0 20 * * *)"
  }

  expect_failures = [var.night_off]
}

run "refuses_to_wait_less_than_an_epoch" {
  command = plan

  variables {
    patience_seconds = 60
  }

  expect_failures = [var.patience_seconds]
}
