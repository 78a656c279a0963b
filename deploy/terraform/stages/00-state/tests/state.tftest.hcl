mock_provider "aws" {}

variables {
  region     = "eu-central-1"
  account_id = "123456789012"
}

run "names_the_bucket_after_the_environment_and_the_account" {
  command = apply

  assert {
    condition     = module.bucket.arn == "arn:aws:s3:::tacho-dev-state-123456789012"
    error_message = "The state bucket has another name."
  }
}

run "refuses_an_account_that_is_none" {
  command = plan

  variables {
    account_id = "12345"
  }

  expect_failures = [var.account_id]
}

run "refuses_a_zone_for_a_region" {
  command = plan

  variables {
    region = "eu-central-1a"
  }

  expect_failures = [var.region]
}

run "refuses_a_partition_that_is_none" {
  command = plan

  variables {
    partition = "azure"
  }

  expect_failures = [var.partition]
}
