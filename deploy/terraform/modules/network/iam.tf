# Who may talk to whom. Whatever uses Kafka carries this group, and MSK admits it by name.

resource "aws_security_group" "kafka_client" {
  name        = "${var.prefix}-kafka-client"
  description = "Services and jobs that use Kafka"
  vpc_id      = aws_vpc.this.id
  # EMR puts its node into it, and may only where the tag is.
  tags = merge(local.emr_tag, { Name = "${var.prefix}-kafka-client" })
}

resource "aws_vpc_security_group_egress_rule" "kafka" {
  security_group_id = aws_security_group.kafka_client.id
  description       = "Kafka with IAM sign-in"
  cidr_ipv4         = var.vpc_cidr
  ip_protocol       = "tcp"
  from_port         = 9098
  to_port           = 9098
}

# AWS interfaces have no fixed addresses: by NAT they are out there, by endpoints in here.
resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.kafka_client.id
  description       = "AWS interfaces over TLS"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
