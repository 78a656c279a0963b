output "emr_cluster_id" {
  description = "Id of the cluster; null with EMR Serverless."
  value       = one(module.emr[*].cluster_id)
}

output "emr_application_id" {
  description = "Id of the EMR Serverless application; null with a cluster."
  value       = one(module.emr_serverless[*].application_id)
}

output "emr_job_role_arn" {
  description = "Role of the jobs."
  value       = one(concat(module.emr[*].job_role_arn, module.emr_serverless[*].job_role_arn))
}

output "emr_master_security_group_id" {
  description = "Group of the cluster's node; null with EMR Serverless."
  value       = one(module.emr[*].security_group_ids["master"])
}

output "emr_release_label" {
  description = "Release that runs, to be compared with the artefact's Spark."
  value       = var.release_label
}

output "emr_task_slots" {
  description = "Tasks that run at the same time."
  value       = one(concat(module.emr[*].task_slots, module.emr_serverless[*].task_slots))
}

output "emr_spark_properties" {
  description = "Spark settings to be passed with each job, besides what the cluster has by itself."
  value       = local.cluster ? local.cluster_properties : one(module.emr_serverless[*].spark_properties)
}

output "enricher_environment" {
  description = "The enricher's environment, passed with each job: a cluster would be replaced to change it."
  value       = local.environment
}
