output "statements" {
  description = "IAM statements for the service's role."
  value       = local.statements

  precondition {
    condition     = length(var.groups) == 0 || length(local.read) > 0
    error_message = "${var.service} reads no topic according to schemas/asyncapi.yaml, so it joins no group."
  }
}

output "topics_read" {
  description = "Topics the service reads, sorted."
  value       = local.read
}

output "topics_written" {
  description = "Topics the service writes, sorted."
  value       = local.written
}
