# The seed's read-only access for an evaluation. Costs nothing, and is nobody's until viewer_principals names somebody.

locals {
  prefix = "${var.project}-${var.environment}"

  tags = {
    project     = var.project
    environment = var.environment
    stage       = "50-viewer"
    managed-by  = "terraform"
  }

  usual_services = [for service in ["alerter", "dashboard", "producer"] : "${local.prefix}-${service}"]
}

module "viewer" {
  source = "../../modules/viewer"

  name             = "${local.prefix}-viewer"
  project          = var.project
  environment      = var.environment
  region           = var.region
  account_id       = var.account_id
  partition        = var.partition
  principals       = var.viewer_principals
  state_bucket     = var.state_bucket
  bucket_name      = var.bucket_name
  ecs_cluster_name = var.ecs_cluster_name
  service_names    = length(var.service_names) > 0 ? values(var.service_names) : local.usual_services
  log_group_name   = var.log_group_name
  registry_name    = var.registry_name
}
