# A role that looks and cannot touch. Nobody may take it on until somebody is named, and then there is no role without
# a trust policy that says who.
resource "aws_iam_role" "viewer" {
  count = length(var.principals) > 0 ? 1 : 0

  name                 = var.name
  description          = "Reads what tacho runs and how it does; changes nothing and sees no state, secrets or records."
  max_session_duration = 3600
  assume_role_policy   = jsonencode({ Version = "2012-10-17", Statement = [local.trust] })
}

resource "aws_iam_role_policy" "viewer" {
  count = length(aws_iam_role.viewer)

  name   = "read"
  role   = aws_iam_role.viewer[0].id
  policy = jsonencode({ Version = "2012-10-17", Statement = concat(local.scoped, local.unscoped, local.denied) })
}

locals {
  console = {
    aws        = "signin.aws.amazon.com"
    aws-cn     = "signin.amazonaws.cn"
    aws-us-gov = "signin.amazonaws-us-gov.com"
  }

  sign_in_url = "https://${local.console[var.partition]}/switchrole?account=${var.account_id}&roleName=${var.name}&displayName=${var.name}"

  # Each needs one permission of the role; a test says which.
  commands = [
    "aws configure set profile.${var.name}.role_arn ${local.role_arn} && aws configure set profile.${var.name}.source_profile default && aws configure set profile.${var.name}.region ${var.region} && export AWS_PROFILE=${var.name}",
    "aws s3 ls s3://${var.bucket_name}/data/dims/ --recursive",
    "aws emr list-clusters --active",
    "aws ecs describe-services --cluster ${var.ecs_cluster_name} --services ${join(" ", var.service_names)}",
    "aws logs tail ${var.log_group_name} --since 10m",
  ]
}
