variable "name" {
  description = "Name of the cluster; its roles, groups and key begin with it."
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

variable "release_label" {
  description = "EMR release. AWS checks it only while the cluster starts, so it is checked here."
  type        = string

  validation {
    condition     = can(regex("^emr-spark-8\\.[1-9][0-9]*\\.[0-9]+$", var.release_label))
    error_message = "release_label is an EMR release with Spark 4.1 or newer, such as emr-spark-8.1.0."
  }
}

variable "instance_type" {
  description = "Size of the single node."
  type        = string

  validation {
    condition     = contains(local.smallest_first, var.instance_type)
    error_message = "instance_type is one of ${join(", ", local.smallest_first)}."
  }
}

variable "task_slots_needed" {
  description = "Tasks that must run at the same time."
  type        = number
}

variable "task_slots_reason" {
  description = "What needs those slots, for the message when they are not there."
  type        = string
}

variable "step_concurrency" {
  description = "Steps that may run side by side: the enricher, its successor, the cars and one more."
  type        = number
  default     = 4

  validation {
    condition     = var.step_concurrency >= 4 && var.step_concurrency <= 256
    error_message = "step_concurrency is between 4 and 256: the enricher's step never ends."
  }
}

variable "termination_protection" {
  description = "Whether the cluster refuses to be terminated."
  type        = bool
  default     = false
}

variable "bucket_name" {
  description = "Bucket for the cluster's logs."
  type        = string
}

variable "vpc_id" {
  description = "VPC of the subnet."
  type        = string
}

variable "subnet_id" {
  description = "Private subnet of the node; carries the tag of EMR's managed policies, as its VPC does."
  type        = string
}

variable "kafka_client_security_group_id" {
  description = "Group that the brokers admit; carries the tag of EMR's managed policies."
  type        = string
}

variable "job_statements" {
  description = "IAM statements of what the jobs may do."
  type        = any
}
