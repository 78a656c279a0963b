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

# A service is one entry here.
variable "services" {
  description = "What runs on ECS, by name."
  type = map(object({
    image = string
    # Whose operations in schemas/asyncapi.yaml it may do, and with which consumer groups.
    catalogue_service = string
    groups            = optional(list(string), [])

    one_off = optional(bool, false)
    single  = optional(bool, true)
    # Whether one of its ports can be forwarded to somebody's machine; what it serves stays without an address.
    tunnel    = optional(bool, false)
    cpu       = optional(number, 256)
    memory_mb = optional(number, 512)
    command   = optional(list(string))

    environment = optional(map(string), {})
    # Variables whose value is a place in the bucket, as a key or prefix.
    bucket_environment = optional(map(string), {})
    read_prefixes      = optional(list(string), [])
    write_prefixes     = optional(list(string), [])

    health_command = optional(list(string))
    start_seconds  = optional(number, 120)
    stop_seconds   = optional(number, 60)
  }))

  default = {
    # Two producers would give the same sequence numbers twice, so it is single although it keeps nothing on disk: the
    # end of the log says where each car goes on.
    producer = {
      image              = "producer"
      catalogue_service  = "producer"
      groups             = ["tacho-producer-resume"]
      memory_mb          = 1024
      bucket_environment = { TACHO_PRODUCER_DIMS = "data/dims" }
      read_prefixes      = ["data/dims/"]
      health_command     = ["CMD", "python", "-m", "tacho_contracts.health"]
    }
    alerter = {
      image             = "alerter"
      catalogue_service = "alerter"
      groups            = ["tacho-alerter"]
      cpu               = 1024
      memory_mb         = 2048
      health_command    = ["CMD", "python", "-m", "tacho_contracts.health"]
    }
    # Joins no group. It answers on its own loopback only, where the tunnel is, so nobody else in the network can look.
    dashboard = {
      image             = "dashboard"
      catalogue_service = "dashboard"
      single            = false
      tunnel            = true
      memory_mb         = 1024
      environment       = { TACHO_DASHBOARD_HOST = "127.0.0.1" }
      health_command    = ["CMD", "python", "-m", "tacho_contracts.health"]
    }
    # Any tacho command inside the VPC: `tacho aws run -- topics --create`, `... -- tail alert-data`, archive and replay.
    tacho = {
      image             = "tacho"
      catalogue_service = "operator"
      groups            = ["tacho-operator-*", "tacho-replay", "tacho-verify"]
      one_off           = true
      environment       = { TACHO_HOME = "/tmp", TACHO_REPLICATION_FACTOR = "3" }
      cpu               = 512
      memory_mb         = 1024
      read_prefixes     = ["data/dims/", "archive/sensors-sample/"]
      write_prefixes    = ["archive/sensors-sample/"]
    }
  }
}

variable "architecture" {
  description = "Of the tasks: X86_64, or ARM64 once every image is built for it (faust-streaming has no wheel for it)."
  type        = string
  default     = "X86_64"
}

variable "ecs_cluster_arn" {
  description = "ECS cluster of the foundation."
  type        = string
}

variable "log_group_name" {
  description = "Log group of the tasks."
  type        = string
}

variable "private_subnet_ids" {
  description = "Private subnets of the tasks."
  type        = list(string)
}

variable "kafka_client_security_group_id" {
  description = "Group that the brokers admit."
  type        = string
}

variable "repository_urls" {
  description = "ECR repositories by image."
  type        = map(string)
}

variable "bucket_name" {
  description = "Bucket of the foundation."
  type        = string
}

variable "bucket_arn" {
  description = "ARN of that bucket."
  type        = string
}

variable "cluster_name" {
  description = "Name of the MSK cluster; permissions name it and survive its recreation."
  type        = string
}

variable "kafka_parameter_prefix" {
  description = "Where the brokers' addresses are in SSM."
  type        = string

  validation {
    condition     = can(regex("^/[a-zA-Z0-9/_-]+[a-zA-Z0-9]$", var.kafka_parameter_prefix))
    error_message = "kafka_parameter_prefix begins with a slash and does not end in one."
  }
}
