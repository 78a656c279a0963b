# ARNs are written out, so that the plan shows whole policies.
locals {
  here       = "${var.region}:${var.account_id}"
  topic_arn  = "arn:${var.partition}:sns:${local.here}:${var.name}-alerts"
  off_arn    = "arn:${var.partition}:lambda:${local.here}:function:${local.off_name}"
  log_arn    = "arn:${var.partition}:logs:${local.here}:log-group:/aws/lambda/${local.off_name}"
  stop_key   = "control/enricher/stop"
  in_cluster = { ArnEquals = { "ecs:cluster" = "arn:${var.partition}:ecs:${local.here}:cluster/${var.ecs_cluster_name}" } }
  ours       = { StringEquals = { "aws:ResourceTag/project" = var.project, "aws:ResourceTag/environment" = var.environment } }

  off_statements = [
    {
      # AWS knows no narrower resource for any of these; none changes anything.
      Sid      = "FindWhatRuns"
      Effect   = "Allow"
      Action   = ["ec2:DescribeNatGateways", "ec2:DescribeVpcEndpoints", "tag:GetResources"]
      Resource = ["*"]
    },
    {
      Sid       = "LookAtTasks"
      Effect    = "Allow"
      Action    = ["ecs:DescribeTasks", "ecs:ListTasks"]
      Resource  = ["*"]
      Condition = local.in_cluster
    },
    {
      Sid       = "LookAtSteps"
      Effect    = "Allow"
      Action    = ["elasticmapreduce:DescribeCluster", "elasticmapreduce:ListSteps"]
      Resource  = ["arn:${var.partition}:elasticmapreduce:${local.here}:cluster/*"]
      Condition = local.ours
    },
    {
      Sid       = "LookAtJobs"
      Effect    = "Allow"
      Action    = ["emr-serverless:ListJobRuns"]
      Resource  = ["arn:${var.partition}:emr-serverless:${local.here}:/applications/*"]
      Condition = local.ours
    },
    {
      Sid      = "AskTheEnricherToStop"
      Effect   = "Allow"
      Action   = ["s3:PutObject"]
      Resource = ["arn:${var.partition}:s3:::${var.bucket_name}/${local.stop_key}"]
    },
    {
      Sid      = "SetServicesToZero"
      Effect   = "Allow"
      Action   = ["ecs:DescribeServices", "ecs:UpdateService"]
      Resource = ["arn:${var.partition}:ecs:${local.here}:service/${var.ecs_cluster_name}/${var.name}-*"]
    },
    {
      Sid      = "Report"
      Effect   = "Allow"
      Action   = ["sns:Publish"]
      Resource = [local.topic_arn]
    },
    {
      Sid      = "WriteOwnLog"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = ["${local.log_arn}:log-stream:*"]
    },
  ]
}

resource "aws_iam_role" "off" {
  name        = local.off_name
  description = "What the nightly off switch may do: look, ask the enricher to stop, set services to zero."

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "off" {
  name   = "off"
  role   = aws_iam_role.off.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.off_statements })
}

resource "aws_iam_role" "schedule" {
  name        = "${local.off_name}-schedule"
  description = "What the schedule may do: start the nightly off switch."

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "scheduler.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = var.account_id } }
    }]
  })
}

resource "aws_iam_role_policy" "schedule" {
  name = "start"
  role = aws_iam_role.schedule.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "StartTheSwitch"
      Effect   = "Allow"
      Action   = ["lambda:InvokeFunction"]
      Resource = [local.off_arn]
    }]
  })
}

# Alarms and the budget may publish, for this account only.
resource "aws_sns_topic_policy" "alerts" {
  arn = aws_sns_topic.alerts.arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "AlarmsAndBudget"
      Effect    = "Allow"
      Action    = ["sns:Publish"]
      Principal = { Service = ["budgets.amazonaws.com", "cloudwatch.amazonaws.com"] }
      Resource  = [local.topic_arn]
      Condition = { StringEquals = { "aws:SourceAccount" = var.account_id } }
    }]
  })
}
