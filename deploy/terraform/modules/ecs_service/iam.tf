# ARNs are written out, so that the plan shows whole policies and whole task definitions.
locals {
  role_arns = {
    for kind in ["start", "task"] : kind => "arn:${var.partition}:iam::${var.account_id}:role/${var.name}-${kind}"
  }

  repository_name = join("/", slice(split("/", var.repository_url), 1, length(split("/", var.repository_url))))
  repository_arn  = "arn:${var.partition}:ecr:${var.region}:${var.account_id}:repository/${local.repository_name}"
  log_group_arn   = "arn:${var.partition}:logs:${var.region}:${var.account_id}:log-group:${var.log_group_name}"
  parameter_arn   = "arn:${var.partition}:ssm:${var.region}:${var.account_id}:parameter${var.kafka_parameter_prefix}/*"

  trust = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Condition = {
        StringEquals = { "aws:SourceAccount" = var.account_id }
        ArnLike      = { "aws:SourceArn" = "arn:${var.partition}:ecs:${var.region}:${var.account_id}:*" }
      }
    }]
  })

  start_statements = [
    {
      # AWS knows no narrower resource for the login itself.
      Sid      = "LogInToRegistry"
      Effect   = "Allow"
      Action   = ["ecr:GetAuthorizationToken"]
      Resource = ["*"]
    },
    {
      Sid      = "PullOwnImage"
      Effect   = "Allow"
      Action   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
      Resource = [local.repository_arn]
    },
    {
      Sid      = "WriteOwnLog"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = ["${local.log_group_arn}:log-stream:${var.service}/*"]
    },
  ]

  find_brokers = [{
    Sid      = "FindBrokers"
    Effect   = "Allow"
    Action   = ["ssm:GetParameter"]
    Resource = [local.parameter_arn]
  }]

  touched_prefixes = distinct(concat(var.read_prefixes, var.write_prefixes))

  list_bucket = length(local.touched_prefixes) == 0 ? [] : [{
    Sid       = "ListOwnPrefixes"
    Effect    = "Allow"
    Action    = ["s3:ListBucket"]
    Resource  = [var.bucket_arn]
    Condition = { StringLike = { "s3:prefix" = [for prefix in local.touched_prefixes : "${trimsuffix(prefix, "/")}*"] } }
  }]

  read_bucket = length(var.read_prefixes) == 0 ? [] : [{
    Sid      = "ReadBucket"
    Effect   = "Allow"
    Action   = ["s3:GetObject"]
    Resource = [for prefix in var.read_prefixes : "${var.bucket_arn}/${prefix}*"]
  }]

  write_bucket = length(var.write_prefixes) == 0 ? [] : [{
    Sid      = "WriteBucket"
    Effect   = "Allow"
    Action   = ["s3:PutObject", "s3:AbortMultipartUpload"]
    Resource = [for prefix in var.write_prefixes : "${var.bucket_arn}/${prefix}*"]
  }]

  # What the SSM agent beside the service calls; AWS knows no narrower resource for it.
  open_tunnel = !var.tunnel ? [] : [{
    Sid      = "OpenTunnel"
    Effect   = "Allow"
    Action   = ["ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel", "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel"]
    Resource = ["*"]
  }]

  task_statements = concat(
    local.find_brokers, local.list_bucket, local.read_bucket, local.write_bucket, var.kafka_statements, local.open_tunnel,
  )
}

resource "aws_iam_role" "start" {
  name               = "${var.name}-start"
  description        = "What ECS may do to start ${var.name}: pull its image, open its log."
  assume_role_policy = local.trust
}

resource "aws_iam_role_policy" "start" {
  name   = "start"
  role   = aws_iam_role.start.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.start_statements })
}

resource "aws_iam_role" "task" {
  name               = "${var.name}-task"
  description        = "What ${var.name} may do once it runs."
  assume_role_policy = local.trust
}

resource "aws_iam_role_policy" "task" {
  name   = "task"
  role   = aws_iam_role.task.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.task_statements })
}
