variable "name" {
  description = "Name of the bucket; unique in the whole partition, so it ends in the account id."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.name))
    error_message = "A bucket name has 3 to 63 lower-case letters, digits and hyphens."
  }
}

variable "partition" {
  description = "AWS partition of the bucket's ARN: aws, aws-cn or aws-us-gov."
  type        = string
}

variable "disposable" {
  description = "Whether destroying the bucket may delete what is in it."
  type        = bool
  default     = false
}

variable "old_versions_days" {
  description = "Days for which an overwritten or deleted object can be brought back."
  type        = number
  default     = 30

  validation {
    condition     = var.old_versions_days >= 1
    error_message = "Old versions are kept for one day at least."
  }
}

variable "expire_days" {
  description = "Days after which objects below a prefix are deleted, by prefix."
  type        = map(number)
  default     = {}
}
