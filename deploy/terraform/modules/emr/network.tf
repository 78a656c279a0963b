# Groups of our own, so that EMR leaves none behind. EMR writes its own rules into them while the cluster lives; the
# groups name each other in those, and could not be deleted if the rules were not revoked first.
locals {
  groups = {
    master         = "the single node of ${var.name}"
    core           = "core nodes of ${var.name}, of which a single node has none"
    service-access = "how the EMR service reaches ${var.name}"
  }

  egress = {
    "master to AWS"            = { from = "master", port = 443, cidr = "0.0.0.0/0" }
    "core to AWS"              = { from = "core", port = 443, cidr = "0.0.0.0/0" }
    "master to itself"         = { from = "master", to = "master" }
    "master to core"           = { from = "master", to = "core" }
    "core to itself"           = { from = "core", to = "core" }
    "core to master"           = { from = "core", to = "master" }
    "master to service-access" = { from = "master", to = "service-access", port = 9443 }
    "service-access to master" = { from = "service-access", to = "master", port = 8443 }
    "service-access to core"   = { from = "service-access", to = "core", port = 8443 }
  }
}

resource "aws_security_group" "this" {
  for_each = local.groups

  name                   = "${var.name}-${each.key}"
  description            = each.value
  vpc_id                 = var.vpc_id
  revoke_rules_on_delete = true
  tags                   = local.managed_policy_tags
}

resource "aws_vpc_security_group_egress_rule" "this" {
  for_each = local.egress

  description                  = each.key
  security_group_id            = aws_security_group.this[each.value.from].id
  referenced_security_group_id = try(aws_security_group.this[each.value.to].id, null)
  cidr_ipv4                    = try(each.value.cidr, null)
  ip_protocol                  = can(each.value.port) ? "tcp" : "-1"
  from_port                    = try(each.value.port, null)
  to_port                      = try(each.value.port, null)
}

# The one rule of a private subnet that EMR expects to find in a group that is not its own.
resource "aws_vpc_security_group_ingress_rule" "service_access" {
  description                  = "master to the EMR service"
  security_group_id            = aws_security_group.this["service-access"].id
  referenced_security_group_id = aws_security_group.this["master"].id
  ip_protocol                  = "tcp"
  from_port                    = 9443
  to_port                      = 9443
}
