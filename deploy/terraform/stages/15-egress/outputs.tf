output "egress_mode" {
  description = "How the private subnets get out: nat or endpoints."
  value       = var.mode
}
