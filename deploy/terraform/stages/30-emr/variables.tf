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

variable "deployment" {
  description = "Where Spark runs: on a cluster of one node, or on EMR Serverless."
  type        = string
  default     = "cluster"

  validation {
    condition     = contains(["cluster", "serverless"], var.deployment)
    error_message = "deployment is cluster or serverless."
  }
}

variable "release_label" {
  description = "EMR release: Spark 4.1.1, Java 17, Python 3.11, supported until 2029."
  type        = string
  default     = "emr-spark-8.1.0"
}

variable "instance_type" {
  description = "Size of the cluster's node."
  type        = string
  default     = "m5.xlarge"
}

variable "workers" {
  description = "Executors of the enricher on EMR Serverless."
  type        = number
  default     = 2
}

variable "worker_vcpus" {
  description = "vCPUs, which are task slots, of each executor on EMR Serverless."
  type        = number
  default     = 4
}

variable "trigger" {
  description = "How enrich runs: realtime (milliseconds), or micro where an EMR release does not allow it."
  type        = string
  default     = "realtime"

  validation {
    condition     = contains(["realtime", "micro"], var.trigger)
    error_message = "trigger is realtime or micro."
  }
}

variable "input_partitions" {
  description = "Partitions of sensors-sample: real-time mode holds a task slot for each."
  type        = number
  default     = 6

  validation {
    condition     = var.input_partitions >= 1 && floor(var.input_partitions) == var.input_partitions
    error_message = "input_partitions is a whole number, 1 or more."
  }
}

variable "window_queries" {
  description = "Window queries beside enrich; each needs a task slot."
  type        = number
  default     = 2

  validation {
    condition     = contains([0, 1, 2], var.window_queries)
    error_message = "window_queries is 0, 1 or 2: the enricher has windows and alert-windows."
  }
}

variable "termination_protection" {
  description = "Whether the cluster refuses to be terminated, by `down` too."
  type        = bool
  default     = false
}

variable "bucket_name" {
  description = "Bucket of the foundation."
  type        = string
}

variable "bucket_arn" {
  description = "ARN of that bucket."
  type        = string
}

variable "vpc_id" {
  description = "VPC of the foundation."
  type        = string
}

variable "private_subnet_ids" {
  description = "Private subnets by zone; the node is in the first."
  type        = list(string)
}

variable "kafka_client_security_group_id" {
  description = "Group that the brokers admit."
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

variable "log_group_name" {
  description = "Log group for jobs on EMR Serverless."
  type        = string
}
