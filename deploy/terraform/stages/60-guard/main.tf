# What watches over money and health. Costs cents and stays up, so names of what comes and goes are told in advance.

locals {
  prefix = "${var.project}-${var.environment}"

  tags = {
    project     = var.project
    environment = var.environment
    stage       = "60-guard"
    managed-by  = "terraform"
  }

  usual_services = [for service in ["alerter", "dashboard", "producer"] : "${local.prefix}-${service}"]
}

module "guard" {
  source = "../../modules/guard"

  name               = local.prefix
  project            = var.project
  environment        = var.environment
  region             = var.region
  account_id         = var.account_id
  partition          = var.partition
  budget_usd         = var.budget_usd
  alert_email        = var.alert_email
  night_off          = var.night_off
  timezone           = var.timezone
  bucket_name        = var.bucket_name
  ecs_cluster_name   = var.ecs_cluster_name
  kafka_cluster_name = coalesce(var.cluster_name, local.prefix)
  service_names      = length(var.service_names) > 0 ? values(var.service_names) : local.usual_services
}
