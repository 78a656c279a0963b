locals {
  arn     = "arn:${var.partition}:kafka:${var.region}:${var.account_id}"
  cluster = ["${local.arn}:cluster/${var.cluster_name}/*"]

  topic_arns = {
    for purpose, topics in { written = local.written, read = local.read, created = local.created, altered = local.altered } :
    purpose => [for topic in topics : "${local.arn}:topic/${var.cluster_name}/*/${topic}"]
  }

  possible = [
    {
      Sid      = "KafkaConnect"
      Action   = ["kafka-cluster:Connect"]
      Resource = length(local.written) + length(local.read) > 0 ? local.cluster : []
    },
    {
      # An idempotent producer asks the cluster for its producer id; the operator asks how many brokers there are.
      Sid      = "KafkaDescribe"
      Action   = ["kafka-cluster:DescribeCluster"]
      Resource = length(local.written) > 0 || local.operator ? local.cluster : []
    },
    {
      Sid      = "KafkaProduce"
      Action   = ["kafka-cluster:WriteDataIdempotently"]
      Resource = length(local.written) > 0 ? local.cluster : []
    },
    {
      Sid      = "KafkaWrite"
      Action   = ["kafka-cluster:DescribeTopic", "kafka-cluster:WriteData"]
      Resource = local.topic_arns.written
    },
    {
      Sid      = "KafkaRead"
      Action   = ["kafka-cluster:DescribeTopic", "kafka-cluster:ReadData"]
      Resource = local.topic_arns.read
    },
    {
      Sid      = "KafkaGroups"
      Action   = ["kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"]
      Resource = [for group in var.groups : "${local.arn}:group/${var.cluster_name}/*/${group}"]
    },
    {
      Sid      = "KafkaCreate"
      Action   = ["kafka-cluster:CreateTopic"]
      Resource = local.topic_arns.created
    },
    {
      # To compare a topic's settings with the catalogue's.
      Sid      = "KafkaSettings"
      Action   = ["kafka-cluster:DescribeTopicDynamicConfiguration"]
      Resource = local.topic_arns.created
    },
    {
      Sid      = "KafkaRetention"
      Action   = ["kafka-cluster:AlterTopicDynamicConfiguration"]
      Resource = local.topic_arns.altered
    },
  ]

  # IAM refuses a statement without a resource.
  statements = [
    for statement in local.possible : {
      Sid      = statement.Sid
      Effect   = "Allow"
      Action   = statement.Action
      Resource = statement.Resource
    } if length(statement.Resource) > 0
  ]
}
