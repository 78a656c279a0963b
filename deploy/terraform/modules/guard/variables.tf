variable "name" {
  description = "First part of every name here: project and environment."
  type        = string
}

variable "project" {
  description = "Tag of what is ours."
  type        = string
}

variable "environment" {
  description = "Tag of what is ours."
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

variable "budget_usd" {
  description = "US dollars a month."
  type        = number

  validation {
    condition     = var.budget_usd > 0
    error_message = "budget_usd is more than nothing."
  }
}

variable "alert_email" {
  description = "Who gets alarms, the budget's warnings and the nightly report; null sends them to the topic only."
  type        = string

  validation {
    condition     = var.alert_email == null || can(regex("^[^@ ]+@[^@ ]+\\.[^@ ]+$", var.alert_email))
    error_message = "alert_email is one mail address."
  }
}

variable "night_off" {
  description = "When everything is switched off, in the scheduler's words; null leaves it to `tacho aws off`."
  type        = string

  validation {
    condition     = var.night_off == null || can(regex("^cron\\(\\S+ \\S+ \\S+ \\S+ \\S+ \\S+\\)$", var.night_off))
    error_message = "night_off is a schedule of six fields, such as cron(0 20 * * ? *)."
  }
}

variable "timezone" {
  description = "Time zone of night_off, by its IANA name."
  type        = string
}

variable "patience_seconds" {
  description = "How long the switch waits for the enricher: longer than its epoch, shorter than a Lambda may live."
  type        = number
  default     = 600

  validation {
    condition     = var.patience_seconds > 300 && var.patience_seconds <= 720
    error_message = "patience_seconds is above the enricher's epoch of 300 and at most 720."
  }
}

variable "bucket_name" {
  description = "Bucket of the foundation, where the stop marker is put."
  type        = string
}

variable "ecs_cluster_name" {
  description = "ECS cluster of the services."
  type        = string
}

variable "service_names" {
  description = "ECS services that are watched."
  type        = list(string)
}

variable "kafka_cluster_name" {
  description = "MSK cluster that is watched, whether it is up or not."
  type        = string
}

variable "broker_ids" {
  description = "Ids of its brokers."
  type        = list(string)
  default     = ["1", "2", "3"]
}

variable "alerter_group" {
  description = "The alerter's consumer group."
  type        = string
  default     = "tacho-alerter"
}

variable "alerter_topic" {
  description = "What the alerter reads."
  type        = string
  default     = "samples-enriched"
}

variable "lag_samples" {
  description = "Waiting samples that are too many."
  type        = number
  default     = 10000
}
