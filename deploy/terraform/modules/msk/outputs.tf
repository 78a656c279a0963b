output "cluster_arn" {
  description = "ARN of the cluster; a new cluster has a new one."
  value       = aws_msk_cluster.this.arn
}

output "cluster_name" {
  description = "Name of the cluster; a new cluster has the same."
  value       = aws_msk_cluster.this.cluster_name
}

output "cluster_uuid" {
  description = "The part of the ARN that a new cluster does not share."
  value       = aws_msk_cluster.this.cluster_uuid
}

output "bootstrap_servers" {
  description = "Brokers for clients that sign in with IAM."
  value       = aws_msk_cluster.this.bootstrap_brokers_sasl_iam
}

output "parameter_prefix" {
  description = "Where in SSM the brokers' addresses are."
  value       = var.parameter_prefix
}
