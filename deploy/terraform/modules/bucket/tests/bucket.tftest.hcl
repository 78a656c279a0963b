mock_provider "aws" {}

variables {
  name      = "tacho-dev-data-123456789012"
  partition = "aws"
}

run "is_private_encrypted_and_versioned" {
  command = plan

  assert {
    condition     = aws_s3_bucket_versioning.this.versioning_configuration[0].status == "Enabled"
    error_message = "Versioning is not on."
  }

  assert {
    condition = alltrue([
      for rule in aws_s3_bucket_server_side_encryption_configuration.this.rule :
      rule.apply_server_side_encryption_by_default[0].sse_algorithm == "AES256"
    ])
    error_message = "The bucket is not encrypted."
  }

  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.this.block_public_acls,
      aws_s3_bucket_public_access_block.this.block_public_policy,
      aws_s3_bucket_public_access_block.this.ignore_public_acls,
      aws_s3_bucket_public_access_block.this.restrict_public_buckets,
    ])
    error_message = "The bucket can be made public."
  }

  assert {
    condition     = aws_s3_bucket.this.force_destroy == false
    error_message = "Destroying the bucket would delete its content."
  }
}

run "refuses_requests_without_tls" {
  command = plan

  assert {
    condition     = jsondecode(aws_s3_bucket_policy.this.policy).Statement[0].Effect == "Deny"
    error_message = "The policy does not deny."
  }

  assert {
    condition     = jsondecode(aws_s3_bucket_policy.this.policy).Statement[0].Condition.Bool["aws:SecureTransport"] == "false"
    error_message = "The policy is not about TLS."
  }

  assert {
    condition = jsondecode(aws_s3_bucket_policy.this.policy).Statement[0].Resource == [
      "arn:aws:s3:::tacho-dev-data-123456789012", "arn:aws:s3:::tacho-dev-data-123456789012/*",
    ]
    error_message = "The policy is not about this bucket."
  }
}

run "expires_what_it_is_told_to" {
  command = plan

  variables {
    expire_days = { "logs/" = 30 }
  }

  assert {
    condition = [
      for rule in aws_s3_bucket_lifecycle_configuration.this.rule : rule.expiration[0].days if rule.id == "expire-logs"
    ] == [30]
    error_message = "Logs do not expire after 30 days."
  }
}

run "can_be_thrown_away_only_when_told_so" {
  command = plan

  variables {
    disposable = true
  }

  assert {
    condition     = aws_s3_bucket.this.force_destroy
    error_message = "A disposable bucket cannot be destroyed with its content."
  }
}

run "names_follow_the_rules_of_s3" {
  command = plan

  variables {
    name = "Tacho_Data"
  }

  expect_failures = [var.name]
}
