locals {
  per_service = [for service in var.service_names : ["ClusterName", var.ecs_cluster_name, "ServiceName", service]]

  # Ids of EMR clusters change at each recreation, so they are searched for.
  searched_emr = "SEARCH('Namespace=\"AWS/ElasticMapReduce\" MetricName=\"%s\"', 'Maximum', 300)"

  widgets = [
    {
      title = "Samples and alerts: bytes into Kafka a second, by broker"
      metrics = [
        for broker in var.broker_ids : ["AWS/Kafka", "BytesInPerSec", "Cluster Name", var.kafka_cluster_name, "Broker ID", broker]
      ]
    },
    {
      title = "Alerter: samples waiting, and the seconds it needs to catch up"
      metrics = [
        for metric in ["SumOffsetLag", "EstimatedMaxTimeLag"] :
        ["AWS/Kafka", metric, "Cluster Name", var.kafka_cluster_name, "Consumer Group", var.alerter_group, "Topic", var.alerter_topic]
      ]
    },
    {
      title   = "Services: CPU, %"
      metrics = [for dimensions in local.per_service : concat(["AWS/ECS", "CPUUtilization"], dimensions)]
    },
    {
      title   = "Services: memory, %"
      metrics = [for dimensions in local.per_service : concat(["AWS/ECS", "MemoryUtilization"], dimensions)]
    },
    {
      title   = "EMR: applications that run; the enricher is one"
      metrics = [[{ expression = format(local.searched_emr, "AppsRunning"), id = "apps" }]]
    },
    {
      title   = "EMR: memory left for YARN, MB"
      metrics = [[{ expression = format(local.searched_emr, "MemoryAvailableMB"), id = "memory" }]]
    },
    {
      title = "Kafka disks, % used"
      metrics = [
        for broker in var.broker_ids : ["AWS/Kafka", "KafkaDataLogsDiskUsed", "Cluster Name", var.kafka_cluster_name, "Broker ID", broker]
      ]
    },
    {
      title = "Nightly off switch: runs and failures"
      metrics = [
        for metric in ["Invocations", "Errors"] : ["AWS/Lambda", metric, "FunctionName", local.off_name]
      ]
    },
  ]
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.name

  dashboard_body = jsonencode({
    widgets = [
      for place, widget in local.widgets : {
        type   = "metric"
        x      = place % 2 * 12
        y      = floor(place / 2) * 6
        width  = 12
        height = 6
        properties = {
          title   = widget.title
          region  = var.region
          period  = 300
          view    = "timeSeries"
          metrics = widget.metrics
        }
      }
    ]
  })
}
