output "off_function_name" {
  description = "The nightly off switch; `tacho aws off` does the same by hand."
  value       = aws_lambda_function.off.function_name
}

output "dashboard_name" {
  description = "CloudWatch dashboard."
  value       = aws_cloudwatch_dashboard.this.dashboard_name
}

output "topic_arn" {
  description = "Where alarms, the budget's warnings and the nightly report go."
  value       = local.topic_arn
}
