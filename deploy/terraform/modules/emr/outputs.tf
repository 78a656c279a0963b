output "cluster_id" {
  description = "Id of the cluster; another one after each recreation."
  value       = aws_emr_cluster.this.id
}

output "job_role_arn" {
  description = "Role of the jobs on the node."
  value       = local.role_arns.node
}

output "security_group_ids" {
  description = "Ids of the groups master, core and service-access."
  value       = { for name, group in aws_security_group.this : name => group.id }
}

output "task_slots" {
  description = "Tasks that run at the same time."
  value       = local.slots[var.instance_type]
}
