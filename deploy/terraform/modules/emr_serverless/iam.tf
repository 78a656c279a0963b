locals {
  job_role_arn = "arn:${var.partition}:iam::${var.account_id}:role/${var.name}-job"
}

resource "aws_iam_role" "job" {
  name        = "${var.name}-job"
  description = "What the enricher and the one-off jobs on ${var.name} may do."

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "emr-serverless.amazonaws.com" }
      Condition = {
        StringEquals = { "aws:SourceAccount" = var.account_id }
        ArnLike = {
          "aws:SourceArn" = "arn:${var.partition}:emr-serverless:${var.region}:${var.account_id}:/applications/*"
        }
      }
    }]
  })
}

resource "aws_iam_role_policy" "job" {
  name   = "enricher"
  role   = aws_iam_role.job.id
  policy = jsonencode({ Version = "2012-10-17", Statement = var.job_statements })
}
