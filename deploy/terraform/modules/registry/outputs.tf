output "name" {
  description = "Name of the registry."
  value       = aws_glue_registry.this.registry_name
}

output "arn" {
  description = "ARN of the registry."
  value       = aws_glue_registry.this.arn
}
