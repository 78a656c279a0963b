output "viewer_role_arn" {
  description = "The role; null while nobody is named."
  value       = module.viewer.role_arn
}

output "sign_in_url" {
  description = "Where a browser that is signed in takes the role on; null while nobody is named."
  value       = module.viewer.sign_in_url
}

output "evaluator_commands" {
  description = "The five commands an evaluator types: the first takes the role on, the others look."
  value       = module.viewer.evaluator_commands
}
