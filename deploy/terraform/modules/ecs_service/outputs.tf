output "service_name" {
  description = "Name of the service; null for a one-off task."
  value       = one(aws_ecs_service.this[*].name)
}

output "family" {
  description = "Family of the task definition."
  value       = aws_ecs_task_definition.this.family
}

output "task_definition" {
  description = "Input of RegisterTaskDefinition as JSON; a release puts a digest in place of the image's tag."
  value       = jsonencode(local.task_definition)
}

output "task_role_arn" {
  description = "Role of the running task."
  value       = local.role_arns.task
}
