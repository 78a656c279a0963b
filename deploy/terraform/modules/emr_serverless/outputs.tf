output "application_id" {
  description = "Id of the application."
  value       = aws_emrserverless_application.this.id
}

output "job_role_arn" {
  description = "Role a job is started with."
  value       = local.job_role_arn
}

output "spark_properties" {
  description = "Spark settings of a streaming job that fits the application."
  value       = local.spark_properties
}

output "task_slots" {
  description = "Tasks that run at the same time."
  value       = local.slots
}
