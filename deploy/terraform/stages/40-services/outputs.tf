output "service_names" {
  description = "ECS services by name."
  value       = { for name, service in module.service : name => service.service_name if !var.services[name].one_off }
}

output "task_families" {
  description = "Families of the task definitions by name, those of one-off tasks included."
  value       = { for name, service in module.service : name => service.family }
}

output "task_definitions" {
  description = "Input of RegisterTaskDefinition by name, as JSON; a release puts a digest in place of the image's tag."
  value       = { for name, service in module.service : name => service.task_definition }
}

output "task_role_arns" {
  description = "Roles of the running tasks by name."
  value       = { for name, service in module.service : name => service.task_role_arn }
}
