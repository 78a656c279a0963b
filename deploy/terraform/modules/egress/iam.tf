# Who may use the endpoints: whatever is in the VPC, over TLS.

resource "aws_security_group" "endpoints" {
  for_each = var.mode == "endpoints" ? toset(["endpoints"]) : toset([])

  name        = "${var.prefix}-endpoints"
  description = "Endpoints of AWS interfaces"
  vpc_id      = var.vpc_id
  tags        = { Name = "${var.prefix}-endpoints" }
}

resource "aws_vpc_security_group_ingress_rule" "https" {
  for_each = aws_security_group.endpoints

  security_group_id = each.value.id
  description       = "The VPC, over TLS"
  cidr_ipv4         = var.vpc_cidr
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
