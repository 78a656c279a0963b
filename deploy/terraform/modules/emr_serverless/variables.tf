variable "name" {
  description = "Name of the application; its role and group begin with it."
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
  description = "EMR release. The provider does not check it."
  type        = string

  validation {
    condition     = can(regex("^emr-spark-8\\.[1-9][0-9]*\\.[0-9]+$", var.release_label))
    error_message = "release_label is an EMR release with Spark 4.1 or newer, such as emr-spark-8.1.0."
  }
}

variable "workers" {
  description = "Executors of the enricher."
  type        = number

  validation {
    condition     = var.workers >= 1 && floor(var.workers) == var.workers
    error_message = "workers is a whole number, 1 or more."
  }
}

variable "worker_vcpus" {
  description = "vCPUs of an executor; EMR Serverless has 1, 2, 4, 8 and 16."
  type        = number

  validation {
    condition     = contains([1, 2, 4, 8, 16], var.worker_vcpus)
    error_message = "worker_vcpus is 1, 2, 4, 8 or 16."
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

variable "vpc_id" {
  description = "VPC of the subnets."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets of the workers."
  type        = list(string)
}

variable "kafka_client_security_group_id" {
  description = "Group that the brokers admit."
  type        = string
}

variable "job_statements" {
  description = "IAM statements of what the jobs may do."
  type        = any
}
