output "vpc_id" {
  description = "The VPC."
  value       = aws_vpc.this.id
}

output "private_subnet_ids" {
  description = "One private subnet for each zone, in the order of the zones."
  value       = [for zone in var.availability_zones : aws_subnet.private[zone].id]
}

output "private_route_table_ids" {
  description = "The subnets' route tables, in the same order."
  value       = [for zone in var.availability_zones : aws_route_table.private[zone].id]
}

output "kafka_client_security_group_id" {
  description = "Group of whatever uses Kafka."
  value       = aws_security_group.kafka_client.id
}
