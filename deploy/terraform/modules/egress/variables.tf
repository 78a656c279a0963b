variable "prefix" {
  description = "First part of every name, for example tacho-dev."
  type        = string
}

variable "region" {
  description = "AWS region."
  type        = string
}

variable "mode" {
  description = "nat: everything outside is reachable, one gateway. endpoints: only the AWS interfaces that are called."
  type        = string

  validation {
    condition     = contains(["nat", "endpoints"], var.mode)
    error_message = "mode is nat or endpoints."
  }
}

variable "vpc_id" {
  description = "The VPC."
  type        = string
}

variable "vpc_cidr" {
  description = "Its range: who may use the endpoints."
  type        = string
}

variable "availability_zone" {
  description = "Zone of the NAT gateway. Traffic of other zones crosses over to it at a cent a GB."
  type        = string
}

variable "private_subnet_ids" {
  description = "Private subnets; each gets an address of every endpoint."
  type        = list(string)
}

variable "private_route_table_ids" {
  description = "Their route tables."
  type        = list(string)
}

variable "public_cidr" {
  description = "Range of the public subnet that holds nothing but the NAT gateway."
  type        = string

  validation {
    condition     = can(cidrhost(var.public_cidr, 1))
    error_message = "public_cidr is an IPv4 range within the VPC, for example 10.42.255.0/28."
  }
}
