variable "prefix" {
  description = "First part of every name, for example tacho-dev."
  type        = string
}

variable "region" {
  description = "AWS region of the zones."
  type        = string
}

variable "availability_zones" {
  description = "Zones that get a private subnet each, by name: the order decides their addresses, so only append."
  type        = list(string)

  validation {
    condition     = contains([2, 3], length(distinct(var.availability_zones)))
    error_message = "Name two or three different availability zones; MSK needs three."
  }

  validation {
    condition     = alltrue([for zone in var.availability_zones : can(regex("^${var.region}[a-z]$", zone))])
    error_message = "Every availability zone is a zone of ${var.region}, for example ${var.region}a."
  }
}

variable "vpc_cidr" {
  description = "IPv4 range of the VPC."
  type        = string

  validation {
    condition     = can(cidrsubnet(var.vpc_cidr, 4, 2)) && can(regex("/(1[6-9]|2[0-2])$", var.vpc_cidr))
    error_message = "vpc_cidr is an IPv4 range between /16 and /22, for example 10.42.0.0/16."
  }
}
