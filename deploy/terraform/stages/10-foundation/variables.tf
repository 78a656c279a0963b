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

variable "availability_zones" {
  description = "Two or three zones of the region; MSK needs three."
  type        = list(string)
}

variable "vpc_cidr" {
  description = "IPv4 range of the VPC."
  type        = string
  default     = "10.42.0.0/16"
}

variable "images" {
  description = "Names of the images that get a repository each."
  type        = set(string)
  default     = ["producer", "alerter", "dashboard", "tacho"]

  validation {
    condition     = alltrue([for image in var.images : can(regex("^[a-z][a-z0-9-]*$", image))])
    error_message = "An image is named with lower-case letters, digits and hyphens."
  }
}

variable "log_days" {
  description = "Days for which the services' logs are kept."
  type        = number
  default     = 14
}
