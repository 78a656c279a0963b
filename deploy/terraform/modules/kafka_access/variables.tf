variable "service" {
  description = "Who the permissions are for: a name in x-services of schemas/asyncapi.yaml."
  type        = string

  validation {
    condition     = contains(keys(local.catalogue["x-services"]), var.service)
    error_message = "No service \"${var.service}\" in x-services of schemas/asyncapi.yaml: ${join(", ", keys(local.catalogue["x-services"]))}."
  }
}

variable "groups" {
  description = "Consumer groups the service joins. One * at the end stands for the random rest of Spark's group names."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for group in var.groups : can(regex("^[a-zA-Z0-9._-]{3,}[*]?$", group))])
    error_message = "A group is named in full, or by a prefix of three characters and more with one * at its end."
  }
}

variable "partition" {
  description = "AWS partition."
  type        = string
}

variable "region" {
  description = "AWS region of the cluster."
  type        = string
}

variable "account_id" {
  description = "Account of the cluster."
  type        = string
}

variable "cluster_name" {
  description = "Name of the MSK cluster. Its id is left open, so that the permissions outlive a new cluster of the same name."
  type        = string

  validation {
    condition     = can(regex("^[a-zA-Z0-9-]{1,64}$", var.cluster_name))
    error_message = "An MSK cluster's name has up to 64 letters, digits and hyphens; a * would open every cluster."
  }
}
