output "off_function_name" {
  description = "The nightly off switch."
  value       = module.guard.off_function_name
}

output "dashboard_name" {
  description = "CloudWatch dashboard."
  value       = module.guard.dashboard_name
}

output "topic_arn" {
  description = "Where alarms, the budget's warnings and the nightly report go."
  value       = module.guard.topic_arn
}
