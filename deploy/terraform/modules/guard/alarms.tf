# Every metric here is one that AWS emits by itself for what the other stages make, at the level they ask for; a test
# matches each to its emitter. At night most of it is missing, which is not an alarm.
locals {
  kafka = { "Cluster Name" = var.kafka_cluster_name }
  lag   = merge(local.kafka, { "Consumer Group" = var.alerter_group, "Topic" = var.alerter_topic })

  alarms = merge(
    {
      offline-partitions = {
        text       = "Kafka partitions without a leader: nothing can be written to or read from them."
        namespace  = "AWS/Kafka"
        metric     = "OfflinePartitionsCount"
        dimensions = local.kafka
        statistic  = "Maximum"
        above      = 0
        minutes    = 5
      }
      alerter-lag = {
        text       = "Enriched samples wait for the alerter: alerts come late."
        namespace  = "AWS/Kafka"
        metric     = "SumOffsetLag"
        dimensions = local.lag
        statistic  = "Maximum"
        above      = var.lag_samples
        minutes    = 10
      }
      night-off = {
        text       = "The nightly off switch could not do everything; its mail and its log say what."
        namespace  = "AWS/Lambda"
        metric     = "Errors"
        dimensions = { FunctionName = local.off_name }
        statistic  = "Sum"
        above      = 0
        minutes    = 5
      }
    },
    {
      for broker in var.broker_ids : "kafka-disk-${broker}" => {
        text       = "The disk of broker ${broker} is nearly full: it stops when it is."
        namespace  = "AWS/Kafka"
        metric     = "KafkaDataLogsDiskUsed"
        dimensions = merge(local.kafka, { "Broker ID" = broker })
        statistic  = "Maximum"
        above      = 80
        minutes    = 10
      }
    },
    {
      for service in var.service_names : "memory-${service}" => {
        text       = "${service} is about to be killed for its memory."
        namespace  = "AWS/ECS"
        metric     = "MemoryUtilization"
        dimensions = { ClusterName = var.ecs_cluster_name, ServiceName = service }
        statistic  = "Maximum"
        above      = 90
        minutes    = 10
      }
    },
  )
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.text
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.above
  period              = 300
  evaluation_periods  = each.value.minutes / 5
  treat_missing_data  = "notBreaching"
  alarm_actions       = [local.topic_arn]
  ok_actions          = [local.topic_arn]
}
