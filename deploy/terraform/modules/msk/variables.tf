variable "name" {
  description = "Name of the cluster. Permissions name it, so a new cluster of the same name needs no new ones."
  type        = string
}

variable "kafka_version" {
  description = "Kafka version as MSK spells it."
  type        = string

  # Older ones are out of support or lack MSK's topic interface; 4.2 is for Express brokers only.
  validation {
    condition     = contains(["3.9.x", "3.9.x.kraft", "4.0.x.kraft", "4.1.x.kraft"], var.kafka_version)
    error_message = "MSK offers Kafka 3.9.x, 3.9.x.kraft, 4.0.x.kraft and 4.1.x.kraft on these brokers, not \"${var.kafka_version}\"."
  }
}

variable "instance_type" {
  description = "Kind of broker."
  type        = string

  validation {
    condition = contains([
      "kafka.t3.small", "kafka.m5.large", "kafka.m5.xlarge", "kafka.m7g.large", "kafka.m7g.xlarge", "kafka.m7g.2xlarge",
    ], var.instance_type)
    error_message = "\"${var.instance_type}\" is none of kafka.t3.small, kafka.m5.large, kafka.m5.xlarge, kafka.m7g.large, kafka.m7g.xlarge, kafka.m7g.2xlarge."
  }

  # MSK says so only after minutes, with an error about the type alone.
  validation {
    condition     = var.instance_type != "kafka.t3.small" || startswith(var.kafka_version, "3.")
    error_message = "kafka.t3.small brokers run Kafka 3 only: take 3.9.x.kraft, or kafka.m7g.large for ${var.kafka_version}."
  }
}

variable "volume_gib" {
  description = "Disk of each broker [GiB]. It can grow later, never shrink."
  type        = number

  validation {
    condition     = var.volume_gib >= 10 && var.volume_gib <= 16384
    error_message = "A broker's disk has 10 to 16384 GiB."
  }
}

variable "vpc_id" {
  description = "The VPC."
  type        = string
}

variable "subnet_ids" {
  description = "One subnet in each of three zones: a copy of every partition in each."
  type        = list(string)

  validation {
    condition     = length(distinct(var.subnet_ids)) == 3
    error_message = "MSK is built for three copies in three zones: give 10-foundation three availability zones."
  }
}

variable "client_security_group_id" {
  description = "The only group the brokers admit."
  type        = string
}

variable "parameter_prefix" {
  description = "Where in SSM the brokers' addresses are put, for example /tacho-dev/kafka."
  type        = string
}

variable "log_days" {
  description = "Days for which the brokers' logs are kept."
  type        = number
  default     = 14
}
