variable "name" {
  description = "Name of the service and family of its task definition; its roles begin with it."
  type        = string
}

variable "service" {
  description = "The service's short name: container, log stream."
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

variable "one_off" {
  description = "A task that is started by hand and ends, instead of a service."
  type        = bool
}

variable "single" {
  description = "Whether two tasks must never run at the same time, during a release neither."
  type        = bool
}

variable "tunnel" {
  description = "Whether a port of the service can be forwarded through Systems Manager, by a second container."
  type        = bool

  validation {
    condition     = !(var.tunnel && var.one_off)
    error_message = "tunnel is for services: nobody looks at a task that ends."
  }
}

variable "repository_url" {
  description = "ECR repository of the image; releases say which digest."
  type        = string
}

variable "architecture" {
  description = "X86_64 or ARM64; the image must have it."
  type        = string

  validation {
    condition     = contains(["X86_64", "ARM64"], var.architecture)
    error_message = "architecture is X86_64 or ARM64."
  }
}

variable "cpu" {
  description = "CPU units; 1024 are one vCPU."
  type        = number
}

variable "memory_mb" {
  description = "Memory in MB."
  type        = number

  # What Fargate sells; AWS refuses other pairs only when a task starts.
  validation {
    condition = contains(lookup({
      256  = [512, 1024, 2048]
      512  = [1024, 2048, 3072, 4096]
      1024 = range(2048, 8193, 1024)
      2048 = range(4096, 16385, 1024)
      4096 = range(8192, 30721, 1024)
    }, var.cpu, []), var.memory_mb)
    error_message = "Fargate has no task of ${var.cpu} CPU units and ${var.memory_mb} MB."
  }
}

variable "command" {
  description = "Arguments for the image's entry point; null leaves its own."
  type        = list(string)
}

variable "environment" {
  description = "Environment of the container; nothing secret, and no address of a broker."
  type        = map(string)

  validation {
    condition     = !can(regex("(?i)password|secret|b-[0-9]+\\.", jsonencode(var.environment)))
    error_message = "environment holds no secret and no broker's address: both are looked up at start."
  }
}

variable "health_command" {
  description = "Command whose exit code 0 means healthy, beginning with CMD; null without a check."
  type        = list(string)

  validation {
    condition     = try(var.health_command[0] == "CMD", true)
    error_message = "health_command begins with CMD: the images may have no shell."
  }
}

variable "start_seconds" {
  description = "Seconds after the start in which failed health checks do not count."
  type        = number

  validation {
    condition     = var.start_seconds >= 0 && var.start_seconds <= 300
    error_message = "start_seconds is at most 300, ECS's limit."
  }
}

variable "stop_seconds" {
  description = "Seconds between SIGTERM and SIGKILL."
  type        = number

  validation {
    condition     = var.stop_seconds >= 2 && var.stop_seconds <= 120
    error_message = "stop_seconds is 2 to 120, Fargate's limits."
  }
}

variable "ecs_cluster_arn" {
  description = "ECS cluster the service belongs to."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets of the tasks."
  type        = list(string)
}

variable "security_group_ids" {
  description = "Groups of the tasks."
  type        = list(string)
}

variable "log_group_name" {
  description = "Log group of the tasks."
  type        = string
}

variable "kafka_parameter_prefix" {
  description = "Where the brokers' addresses are in SSM."
  type        = string
}

variable "kafka_statements" {
  description = "IAM statements of what the service may do on Kafka."
  type        = any
}

variable "bucket_arn" {
  description = "Bucket of the foundation."
  type        = string
}

variable "read_prefixes" {
  description = "What the service reads in the bucket; each ends in a slash."
  type        = list(string)
}

variable "write_prefixes" {
  description = "What the service writes in the bucket; each ends in a slash."
  type        = list(string)
}

variable "tags" {
  description = "Tags of the revisions that releases register."
  type        = map(string)
}
