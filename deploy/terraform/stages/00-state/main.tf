# The bucket that holds the state of every other stage. Its own state stays on the machine that made it: it is one
# bucket, and `terraform import` brings it back.

locals {
  prefix = "${var.project}-${var.environment}"

  tags = {
    project     = var.project
    environment = var.environment
    stage       = "00-state"
    managed-by  = "terraform"
  }
}

module "bucket" {
  source = "../../modules/bucket"

  name       = "${local.prefix}-state-${var.account_id}"
  partition  = var.partition
  disposable = var.disposable
  # The way back after a state was damaged; states are small.
  old_versions_days = 365
}
