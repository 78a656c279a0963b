variable "project" {
  description = "First part of every name."
  type        = string
  default     = "tacho"

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,11}$", var.project))
    error_message = "project is 2 to 12 lower-case letters and digits and begins with a letter."
  }
}

variable "environment" {
  description = "Second part of every name: dev, prod ..."
  type        = string
  default     = "dev"

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,9}$", var.environment))
    error_message = "environment is 2 to 10 lower-case letters and digits and begins with a letter."
  }
}

variable "region" {
  description = "AWS region, for example eu-central-1."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region is a region's name, such as eu-central-1, not a zone's or a city's."
  }
}

variable "account_id" {
  description = "The account everything is made in; keys of another account are refused."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id is the 12 digits of an AWS account."
  }
}

variable "partition" {
  description = "AWS partition: aws, aws-cn or aws-us-gov."
  type        = string
  default     = "aws"

  validation {
    condition     = contains(["aws", "aws-cn", "aws-us-gov"], var.partition)
    error_message = "partition is aws, aws-cn or aws-us-gov."
  }
}

variable "disposable" {
  description = "Whether destroying this stage may delete data that people have put there."
  type        = bool
  default     = false
}

variable "size" {
  description = "demo: three small brokers, for up to some 90 cars. standard: three for up to 2,000, or more on other disks."
  type        = string
  default     = "demo"

  validation {
    condition     = contains(["demo", "standard"], var.size)
    error_message = "size is demo (3 x kafka.t3.small) or standard (3 x kafka.m7g.large)."
  }
}

variable "kafka_version" {
  description = "Another Kafka version than the size's own."
  type        = string
  default     = null
}

variable "instance_type" {
  description = "Another broker than the size's own, for example where AWS no longer offers kafka.t3.small."
  type        = string
  default     = null
}

variable "volume_gib" {
  description = "Another disk than the size's own, 20 or 420 [GiB for each broker]. It can grow later, never shrink."
  type        = number
  default     = null
}

variable "vpc_id" {
  description = "From 10-foundation."
  type        = string
}

variable "private_subnet_ids" {
  description = "From 10-foundation: three, in three zones."
  type        = list(string)
}

variable "kafka_client_security_group_id" {
  description = "From 10-foundation."
  type        = string
}
