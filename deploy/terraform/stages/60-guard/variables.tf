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

variable "budget_usd" {
  description = "US dollars a month for the whole account."
  type        = number
  default     = 100
}

variable "alert_email" {
  description = "Who gets alarms, the budget's warnings and the nightly report; null sends them to the topic only."
  type        = string
  default     = null
}

variable "night_off" {
  description = "When everything is switched off, in the scheduler's words; null leaves it to `tacho aws off`."
  type        = string
  default     = "cron(0 20 * * ? *)"
}

variable "timezone" {
  description = "Time zone of night_off, by its IANA name."
  type        = string
  default     = "UTC"
}

variable "bucket_name" {
  description = "Bucket of the foundation."
  type        = string
}

variable "ecs_cluster_name" {
  description = "ECS cluster of the foundation."
  type        = string
}

variable "cluster_name" {
  description = "Name of the MSK cluster; null while 20-msk is down, and then the name it will have."
  type        = string
  default     = null
}

variable "service_names" {
  description = "ECS services by name; those of the seed's pipeline while 40-services is down."
  type        = map(string)
  default     = {}
}
