locals {
  off_name = "${var.name}-off"
}

# In pure Python with the boto3 that Lambda has; packed by package.py.
resource "aws_lambda_function" "off" {
  function_name    = local.off_name
  description      = "At night: stops the enricher and the services of ${var.name}, reports what still costs, deletes nothing."
  role             = aws_iam_role.off.arn
  runtime          = "python3.13"
  handler          = "off.handler.handle"
  filename         = "${path.module}/off.zip"
  source_code_hash = filebase64sha256("${path.module}/off.zip")
  architectures    = ["arm64"]
  memory_size      = 256
  # The enricher ends with its epoch, five minutes by default; the services and the report come after it.
  timeout = var.patience_seconds + 180

  environment {
    variables = {
      PROJECT          = var.project
      ENVIRONMENT      = var.environment
      BUCKET           = var.bucket_name
      STOP_KEY         = local.stop_key
      ECS_CLUSTER      = var.ecs_cluster_name
      TOPIC_ARN        = local.topic_arn
      PATIENCE_SECONDS = tostring(var.patience_seconds)
    }
  }

  depends_on = [aws_cloudwatch_log_group.off, aws_iam_role_policy.off]
}

# Made here, or Lambda would make one that is kept for ever.
resource "aws_cloudwatch_log_group" "off" {
  name              = "/aws/lambda/${local.off_name}"
  retention_in_days = 30
}

resource "aws_scheduler_schedule" "off" {
  count = var.night_off == null ? 0 : 1

  name                         = local.off_name
  description                  = "When ${var.name} is switched off."
  schedule_expression          = var.night_off
  schedule_expression_timezone = var.timezone

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_lambda_function.off.arn
    role_arn = aws_iam_role.schedule.arn

    retry_policy {
      maximum_retry_attempts       = 2
      maximum_event_age_in_seconds = 3600
    }
  }
}

# Of the whole account: a filter by tag sees nothing until the tag was activated for billing, and EMR's machines and
# data transfer are charged without it.
resource "aws_budgets_budget" "monthly" {
  name         = "${var.name}-monthly"
  budget_type  = "COST"
  time_unit    = "MONTHLY"
  limit_unit   = "USD"
  limit_amount = tostring(var.budget_usd)

  dynamic "notification" {
    for_each = [
      { type = "ACTUAL", percent = 80 },
      { type = "ACTUAL", percent = 100 },
      { type = "FORECASTED", percent = 100 },
    ]

    content {
      comparison_operator        = "GREATER_THAN"
      notification_type          = notification.value.type
      threshold                  = notification.value.percent
      threshold_type             = "PERCENTAGE"
      subscriber_email_addresses = var.alert_email == null ? [] : [var.alert_email]
      subscriber_sns_topic_arns  = [local.topic_arn]
    }
  }

  depends_on = [aws_sns_topic_policy.alerts]
}

# Without a key of its own: alarms cannot publish through AWS's, a key costs a dollar a month, and what is said here
# names no record.
resource "aws_sns_topic" "alerts" {
  name = "${var.name}-alerts"
}

resource "aws_sns_topic_subscription" "mail" {
  count = var.alert_email == null ? 0 : 1

  topic_arn = aws_sns_topic.alerts.arn
  protocol  = "email"
  endpoint  = var.alert_email
}
