output "endpoint_services" {
  description = "AWS interfaces that have an endpoint, by the last part of their name."
  value       = sort(keys(aws_vpc_endpoint.this))
}
