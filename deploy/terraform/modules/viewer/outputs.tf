output "role_arn" {
  description = "The role; null while nobody is named."
  value       = length(aws_iam_role.viewer) > 0 ? local.role_arn : null
}

output "sign_in_url" {
  description = "Where a browser that is signed in takes the role on; null while nobody is named."
  value       = length(aws_iam_role.viewer) > 0 ? local.sign_in_url : null
}

output "evaluator_commands" {
  description = "What an evaluator types: the first line takes the role on, the others look."
  value       = local.commands
}
