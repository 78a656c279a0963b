# What the enricher and the cars job may do, the same on either kind of EMR: read what they need, write their own.
locals {
  logs_arn      = "arn:${var.partition}:logs:${var.region}:${var.account_id}:log-group:${var.log_group_name}"
  parameter_arn = "arn:${var.partition}:ssm:${var.region}:${var.account_id}:parameter${var.kafka_parameter_prefix}/*"

  read_prefixes  = ["artifacts/enricher/", "control/enricher/", "data/dims/", "schemas/"]
  write_prefixes = ["checkpoints/", "data/dims/cars/"]

  job_statements = concat([
    {
      Sid      = "ListOwnPrefixes"
      Effect   = "Allow"
      Action   = ["s3:ListBucket"]
      Resource = [var.bucket_arn]
      Condition = {
        StringLike = { "s3:prefix" = [for prefix in concat(local.read_prefixes, local.write_prefixes) : "${trimsuffix(prefix, "/")}*"] }
      }
    },
    {
      Sid      = "ReadInput"
      Effect   = "Allow"
      Action   = ["s3:GetObject"]
      Resource = [for prefix in local.read_prefixes : "${var.bucket_arn}/${prefix}*"]
    },
    {
      Sid      = "KeepCheckpointsAndCars"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
      Resource = [for prefix in local.write_prefixes : "${var.bucket_arn}/${prefix}*"]
    },
    {
      Sid      = "WriteLogs"
      Effect   = "Allow"
      Action   = ["s3:PutObject"]
      Resource = ["${var.bucket_arn}/logs/emr/*"]
    },
    {
      Sid      = "FindBrokers"
      Effect   = "Allow"
      Action   = ["ssm:GetParameter"]
      Resource = [local.parameter_arn]
    },
    {
      Sid      = "WriteLogLines"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
      Resource = [local.logs_arn, "${local.logs_arn}:log-stream:*"]
    },
  ], module.kafka_access.statements)
}
