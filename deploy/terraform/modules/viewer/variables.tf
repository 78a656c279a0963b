variable "name" {
  description = "Name of the role."
  type        = string
}

variable "project" {
  description = "First part of every name, and a tag."
  type        = string
}

variable "environment" {
  description = "Second part of every name, and a tag."
  type        = string
}

variable "region" {
  description = "AWS region."
  type        = string
}

variable "account_id" {
  description = "The account that owns everything."
  type        = string
}

variable "partition" {
  description = "AWS partition of the ARNs."
  type        = string
}

variable "principals" {
  description = "ARNs of the users and roles that may take the role on; without any there is no role."
  type        = list(string)

  validation {
    condition = alltrue([
      for principal in var.principals : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:(user|role)/[a-zA-Z0-9+=,.@_/-]+$", principal))
    ])
    error_message = "Each of viewer_principals is the ARN of one IAM user or role: no \"*\", no whole account."
  }
}

variable "bucket_name" {
  description = "Bucket of the foundation."
  type        = string
}

variable "state_bucket" {
  description = "Bucket of the Terraform states, which the role never sees."
  type        = string
}

variable "ecs_cluster_name" {
  description = "ECS cluster of the services."
  type        = string
}

variable "service_names" {
  description = "ECS services that the evaluator looks at."
  type        = list(string)
}

variable "log_group_name" {
  description = "Log group of the services."
  type        = string
}

variable "registry_name" {
  description = "Glue registry of the schemas."
  type        = string
}
