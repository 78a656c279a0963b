# Private subnets and nothing else: no gateway to the internet, no public address. Stage 15-egress opens a way out while
# something runs that needs one.

locals {
  # EMR's managed service policy acts only on networks that carry this tag.
  emr_tag = { for-use-with-amazon-emr-managed-policies = "true" }
  subnets = { for index, zone in var.availability_zones : zone => cidrsubnet(var.vpc_cidr, 4, index) }
}

resource "aws_vpc" "this" {
  cidr_block           = var.vpc_cidr
  enable_dns_support   = true
  enable_dns_hostnames = true
  tags                 = merge(local.emr_tag, { Name = var.prefix })
}

# The group that AWS makes lets its members talk to each other; without rules, forgetting a group closes instead.
resource "aws_default_security_group" "closed" {
  vpc_id = aws_vpc.this.id
  tags   = { Name = "${var.prefix}-default-closed" }
}

resource "aws_subnet" "private" {
  for_each = local.subnets

  vpc_id                  = aws_vpc.this.id
  availability_zone       = each.key
  cidr_block              = each.value
  map_public_ip_on_launch = false
  tags                    = merge(local.emr_tag, { Name = "${var.prefix}-private-${each.key}" })
}

# One table per zone, with no route of its own: 15-egress adds and takes away the default route.
resource "aws_route_table" "private" {
  for_each = local.subnets

  vpc_id = aws_vpc.this.id
  tags   = { Name = "${var.prefix}-private-${each.key}" }
}

resource "aws_route_table_association" "private" {
  for_each = local.subnets

  subnet_id      = aws_subnet.private[each.key].id
  route_table_id = aws_route_table.private[each.key].id
}

# Free, and images, checkpoints and EMR's packages come through it instead of a paid gateway.
resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.this.id
  service_name      = "com.amazonaws.${var.region}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = [for zone in var.availability_zones : aws_route_table.private[zone].id]
  tags              = { Name = "${var.prefix}-s3" }
}
