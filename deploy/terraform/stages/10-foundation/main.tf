# What stays up at a few cents a day: network, image repositories, an empty ECS cluster, and the published contracts.

locals {
  prefix = "${var.project}-${var.environment}"

  tags = {
    project     = var.project
    environment = var.environment
    stage       = "10-foundation"
    managed-by  = "terraform"
  }

  schemas = "${path.module}/../../../../schemas"
  records = yamldecode(file("${local.schemas}/asyncapi.yaml")).components.messages
}

module "network" {
  source = "../../modules/network"

  prefix             = local.prefix
  region             = var.region
  availability_zones = var.availability_zones
  vpc_cidr           = var.vpc_cidr
}

module "registry" {
  source = "../../modules/registry"

  name        = local.prefix
  description = "Contracts of ${var.project}, published from schemas/avro"
  schemas = {
    for record, message in local.records :
    record => file("${local.schemas}/avro/${record}/v${min(message["x-versions"]...)}.avsc")
  }
}

resource "aws_ecr_repository" "this" {
  for_each = var.images

  name         = "${local.prefix}/${each.key}"
  force_delete = var.disposable
  # A release names a digest; a tag that could move would make its name a lie.
  image_tag_mutability = "IMMUTABLE"

  image_scanning_configuration {
    scan_on_push = true
  }

  encryption_configuration {
    encryption_type = "AES256"
  }
}

resource "aws_ecr_lifecycle_policy" "this" {
  for_each = aws_ecr_repository.this

  repository = each.value.name
  policy     = jsonencode(local.keep_twenty)
}

locals {
  # Enough to roll back to, and a bound on what storage costs.
  keep_twenty = {
    rules = [{
      rulePriority = 1
      description  = "Keep the newest twenty images"
      selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = 20 }
      action       = { type = "expire" }
    }]
  }
}

resource "aws_ecs_cluster" "this" {
  name = local.prefix

  setting {
    # Paid by the metric; alarms use what the services themselves and ECS report for free.
    name  = "containerInsights"
    value = "disabled"
  }
}

resource "aws_ecs_cluster_capacity_providers" "this" {
  cluster_name       = aws_ecs_cluster.this.name
  capacity_providers = ["FARGATE"]
}

resource "aws_cloudwatch_log_group" "services" {
  name              = "/${local.prefix}/services"
  retention_in_days = var.log_days
}
