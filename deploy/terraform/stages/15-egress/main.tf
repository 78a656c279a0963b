# The way out of the private subnets: disposable, and up only while 30-emr or 40-services is.

locals {
  prefix = "${var.project}-${var.environment}"

  tags = {
    project     = var.project
    environment = var.environment
    stage       = "15-egress"
    managed-by  = "terraform"
  }

  # The private subnets take the first quarter of the range at most, so its end is free.
  sixteen = 28 - tonumber(split("/", var.vpc_cidr)[1])
}

module "egress" {
  source = "../../modules/egress"

  prefix                  = local.prefix
  region                  = var.region
  mode                    = var.mode
  vpc_id                  = var.vpc_id
  vpc_cidr                = var.vpc_cidr
  availability_zone       = var.availability_zones[0]
  private_subnet_ids      = var.private_subnet_ids
  private_route_table_ids = var.private_route_table_ids
  public_cidr             = coalesce(var.public_cidr, cidrsubnet(var.vpc_cidr, local.sixteen, pow(2, local.sixteen) - 1))
}
