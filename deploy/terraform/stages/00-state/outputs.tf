output "state_bucket" {
  description = "Bucket of the other stages' states, passed as -backend-config."
  value       = module.bucket.name
}
