# ARNs are written out, so that the plan shows whole policies.
locals {
  role_arns = {
    for kind in ["service", "node"] : kind => "arn:${var.partition}:iam::${var.account_id}:role/${var.name}-${kind}"
  }
}

resource "aws_iam_role" "service" {
  name        = "${var.name}-service"
  description = "What the EMR service may do to run ${var.name}."

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "elasticmapreduce.amazonaws.com" }
      Condition = {
        StringEquals = { "aws:SourceAccount" = var.account_id }
        ArnLike      = { "aws:SourceArn" = "arn:${var.partition}:elasticmapreduce:${var.region}:${var.account_id}:*" }
      }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "service" {
  role       = aws_iam_role.service.name
  policy_arn = "arn:${var.partition}:iam::aws:policy/service-role/AmazonEMRServicePolicy_v2"
}

# The managed policy leaves out which role the service may hand to its machines.
resource "aws_iam_role_policy" "service" {
  name = "pass-node-role"
  role = aws_iam_role.service.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "PassNodeRole"
      Effect    = "Allow"
      Action    = ["iam:PassRole"]
      Resource  = [local.role_arns.node]
      Condition = { StringLike = { "iam:PassedToService" = "ec2.amazonaws.com*" } }
    }]
  })
}

resource "aws_iam_role" "node" {
  name        = "${var.name}-node"
  description = "What the enricher and the one-off jobs on ${var.name} may do."

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
}

resource "aws_iam_instance_profile" "node" {
  name = "${var.name}-node"
  role = aws_iam_role.node.name
}

resource "aws_iam_role_policy" "node" {
  name   = "enricher"
  role   = aws_iam_role.node.id
  policy = jsonencode({ Version = "2012-10-17", Statement = var.job_statements })
}

# EMR encrypts disks with a key of ours only. It is gone with the stage, and the disks are gone before it.
resource "aws_kms_key" "disks" {
  depends_on              = [aws_iam_role.service, aws_iam_role.node]
  description             = "Disks of ${var.name}"
  enable_key_rotation     = true
  deletion_window_in_days = 7
  policy                  = jsonencode({ Version = "2012-10-17", Statement = local.key_statements })
}

locals {
  disk_users = { AWS = [local.role_arns.service, local.role_arns.node] }

  key_statements = [
    {
      Sid       = "Administration"
      Effect    = "Allow"
      Principal = { AWS = "arn:${var.partition}:iam::${var.account_id}:root" }
      Resource  = "*"
      Action = [
        "kms:CreateGrant", "kms:DescribeKey", "kms:EnableKeyRotation", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus",
        "kms:ListGrants", "kms:ListKeyPolicies", "kms:ListResourceTags", "kms:PutKeyPolicy", "kms:RevokeGrant",
        "kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion", "kms:TagResource", "kms:UntagResource",
        "kms:UpdateKeyDescription",
      ]
    },
    {
      Sid       = "Disks"
      Effect    = "Allow"
      Principal = local.disk_users
      Resource  = "*"
      Action = [
        "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext",
        "kms:ReEncryptFrom", "kms:ReEncryptTo",
      ]
    },
    {
      Sid       = "DisksOfMachines"
      Effect    = "Allow"
      Principal = local.disk_users
      Resource  = "*"
      Action    = ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"]
      Condition = { Bool = { "kms:GrantIsForAWSResource" = "true" } }
    },
  ]
}
