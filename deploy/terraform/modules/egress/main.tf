# The way out of the private subnets, up only while something runs there. S3 has its own free endpoint in the foundation.

locals {
  nat = var.mode == "nat" ? toset(["nat"]) : toset([])

  # Each costs by the hour and zone, so there are exactly those that something calls; a test compares this list with
  # the permissions of the roles in stages 30 and 40, since what may not be called needs no way.
  called = {
    "ecr.api"     = "Fargate asks where an image's layers are"
    "ecr.dkr"     = "Fargate pulls the manifest; the layers come from S3"
    "logs"        = "services and jobs write their logs"
    "ssm"         = "services and jobs look the brokers up at start"
    "ssmmessages" = "the page is forwarded through it"
  }
  endpoints = var.mode == "endpoints" ? local.called : {}
}

resource "aws_internet_gateway" "this" {
  for_each = local.nat

  vpc_id = var.vpc_id
  tags   = { Name = "${var.prefix}-egress" }
}

resource "aws_subnet" "public" {
  for_each = local.nat

  vpc_id                  = var.vpc_id
  availability_zone       = var.availability_zone
  cidr_block              = var.public_cidr
  map_public_ip_on_launch = false
  tags                    = { Name = "${var.prefix}-public" }
}

resource "aws_route_table" "public" {
  for_each = local.nat

  vpc_id = var.vpc_id
  tags   = { Name = "${var.prefix}-public" }
}

resource "aws_route" "out" {
  for_each = local.nat

  route_table_id         = aws_route_table.public["nat"].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this["nat"].id
}

resource "aws_route_table_association" "public" {
  for_each = local.nat

  subnet_id      = aws_subnet.public["nat"].id
  route_table_id = aws_route_table.public["nat"].id
}

resource "aws_eip" "this" {
  for_each = local.nat

  domain = "vpc"
  tags   = { Name = "${var.prefix}-egress" }
}

resource "aws_nat_gateway" "this" {
  for_each = local.nat

  # AWS refuses a NAT gateway in a VPC without a gateway to the internet.
  depends_on    = [aws_internet_gateway.this]
  subnet_id     = aws_subnet.public["nat"].id
  allocation_id = aws_eip.this["nat"].id
  tags          = { Name = "${var.prefix}-egress" }
}

resource "aws_route" "default" {
  # By number: the ids are not known while the foundation is only planned.
  count = var.mode == "nat" ? length(var.private_route_table_ids) : 0

  route_table_id         = var.private_route_table_ids[count.index]
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this["nat"].id
}

resource "aws_vpc_endpoint" "this" {
  for_each = local.endpoints

  vpc_id              = var.vpc_id
  service_name        = "com.amazonaws.${var.region}.${each.key}"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  subnet_ids          = var.private_subnet_ids
  security_group_ids  = [aws_security_group.endpoints["endpoints"].id]
  tags                = { Name = "${var.prefix}-${each.key}" }
}
