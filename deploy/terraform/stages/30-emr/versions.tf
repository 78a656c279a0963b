terraform {
  required_version = ">= 1.11"

  # Bucket, key and region come from `tacho aws` (-backend-config).
  backend "s3" {}

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.80, < 7.0"
    }
  }
}

provider "aws" {
  region = var.region
  # Keys of another account are refused before anything is read or made.
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = local.tags
  }
}
