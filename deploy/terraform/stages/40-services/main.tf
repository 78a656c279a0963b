# The services on ECS Fargate, and the operator's one-off task. What a service is, is said by its entry in `services`.

locals {
  prefix = "${var.project}-${var.environment}"

  tags = {
    project     = var.project
    environment = var.environment
    stage       = "40-services"
    managed-by  = "terraform"
  }

  # The brokers are looked up at start: their addresses change with each new cluster. Writer schemas are what
  # `tacho aws schemas` has published, so that a reader learns of a new one by a restart.
  everywhere = {
    AWS_DEFAULT_REGION  = var.region
    TACHO_SCHEMAS       = "s3://${var.bucket_name}/schemas"
    TACHO_KAFKA_MODE    = "iam"
    TACHO_KAFKA_REGION  = var.region
    TACHO_KAFKA_SERVERS = "ssm:${var.kafka_parameter_prefix}/servers"
  }

  environments = {
    for name, service in var.services : name => merge(
      local.everywhere,
      service.environment,
      { for variable, key in service.bucket_environment : variable => "s3://${var.bucket_name}/${key}" },
    )
  }
}

module "kafka_access" {
  source   = "../../modules/kafka_access"
  for_each = var.services

  service      = each.value.catalogue_service
  region       = var.region
  account_id   = var.account_id
  partition    = var.partition
  cluster_name = var.cluster_name
  groups       = each.value.groups
}

module "service" {
  source   = "../../modules/ecs_service"
  for_each = var.services

  name       = "${local.prefix}-${each.key}"
  service    = each.key
  region     = var.region
  account_id = var.account_id
  partition  = var.partition

  one_off        = each.value.one_off
  single         = each.value.single
  tunnel         = each.value.tunnel
  repository_url = var.repository_urls[each.value.image]
  architecture   = var.architecture
  cpu            = each.value.cpu
  memory_mb      = each.value.memory_mb
  command        = each.value.command
  environment    = local.environments[each.key]
  health_command = each.value.health_command
  start_seconds  = each.value.start_seconds
  stop_seconds   = each.value.stop_seconds

  ecs_cluster_arn    = var.ecs_cluster_arn
  subnet_ids         = var.private_subnet_ids
  security_group_ids = [var.kafka_client_security_group_id]
  log_group_name     = var.log_group_name

  kafka_parameter_prefix = var.kafka_parameter_prefix
  kafka_statements       = module.kafka_access[each.key].statements
  bucket_arn             = var.bucket_arn
  read_prefixes          = concat(["schemas/"], each.value.read_prefixes)
  write_prefixes         = each.value.write_prefixes
  tags                   = local.tags
}
