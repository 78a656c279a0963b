output "cluster_arn" {
  description = "ARN of the cluster."
  value       = module.msk.cluster_arn
}

output "cluster_name" {
  description = "Name of the cluster, which permissions name."
  value       = module.msk.cluster_name
}

output "cluster_uuid" {
  description = "What tells this cluster from the one before."
  value       = module.msk.cluster_uuid
}

output "bootstrap_servers" {
  description = "Brokers for clients that sign in with IAM."
  value       = module.msk.bootstrap_servers
}

output "kafka_parameter_prefix" {
  description = "SSM parameters: <prefix>/servers, <prefix>/cluster-arn, <prefix>/cluster-name."
  value       = module.msk.parameter_prefix
}
