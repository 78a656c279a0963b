locals {
  role_arn = "arn:${var.partition}:iam::${var.account_id}:role/${var.name}"
  here     = "${var.region}:${var.account_id}"

  bucket_arn       = "arn:${var.partition}:s3:::${var.bucket_name}"
  state_bucket_arn = "arn:${var.partition}:s3:::${var.state_bucket}"
  log_group_arn    = "arn:${var.partition}:logs:${local.here}:log-group:${var.log_group_name}"
  shown_prefixes   = ["data/dims/", "artifacts/"]
  hidden_prefixes  = ["checkpoints/", "control/", "archive/"]
  ours             = { StringEquals = { "aws:ResourceTag/project" = var.project, "aws:ResourceTag/environment" = var.environment } }
  of_our_cluster   = { ArnEquals = { "ecs:cluster" = "arn:${var.partition}:ecs:${local.here}:cluster/${var.ecs_cluster_name}" } }

  trust = {
    Effect    = "Allow"
    Action    = "sts:AssumeRole"
    Principal = { AWS = var.principals }
  }

  # What AWS can narrow to our own resources.
  scoped = [
    {
      Sid       = "ListShownPrefixes"
      Effect    = "Allow"
      Action    = ["s3:ListBucket"]
      Resource  = [local.bucket_arn]
      Condition = { StringLike = { "s3:prefix" = [for prefix in local.shown_prefixes : "${prefix}*"] } }
    },
    {
      Sid      = "ReadShownPrefixes"
      Effect   = "Allow"
      Action   = ["s3:GetObject"]
      Resource = [for prefix in local.shown_prefixes : "${local.bucket_arn}/${prefix}*"]
    },
    {
      Sid    = "LookAtSpark"
      Effect = "Allow"
      Action = ["elasticmapreduce:DescribeCluster", "elasticmapreduce:DescribeStep", "elasticmapreduce:ListInstanceGroups", "elasticmapreduce:ListInstances", "elasticmapreduce:ListSteps"]
      Resource = [
        "arn:${var.partition}:elasticmapreduce:${local.here}:cluster/*",
      ]
      Condition = local.ours
    },
    {
      Sid       = "LookAtServerlessSpark"
      Effect    = "Allow"
      Action    = ["emr-serverless:GetApplication", "emr-serverless:GetJobRun", "emr-serverless:ListJobRuns"]
      Resource  = ["arn:${var.partition}:emr-serverless:${local.here}:/applications/*"]
      Condition = local.ours
    },
    {
      Sid       = "LookAtServices"
      Effect    = "Allow"
      Action    = ["ecs:DescribeServices", "ecs:DescribeTasks"]
      Resource  = ["arn:${var.partition}:ecs:${local.here}:service/${var.ecs_cluster_name}/*", "arn:${var.partition}:ecs:${local.here}:task/${var.ecs_cluster_name}/*"]
      Condition = local.of_our_cluster
    },
    {
      Sid       = "ListServices"
      Effect    = "Allow"
      Action    = ["ecs:ListServices", "ecs:ListTasks"]
      Resource  = ["*"]
      Condition = local.of_our_cluster
    },
    {
      Sid      = "LookAtKafka"
      Effect   = "Allow"
      Action   = ["kafka:DescribeCluster", "kafka:DescribeClusterV2", "kafka:ListNodes"]
      Resource = ["arn:${var.partition}:kafka:${local.here}:cluster/${var.project}-${var.environment}*/*"]
    },
    {
      Sid      = "ReadLogs"
      Effect   = "Allow"
      Action   = ["logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:GetLogEvents"]
      Resource = [local.log_group_arn, "${local.log_group_arn}:log-stream:*"]
    },
    {
      Sid    = "ReadSchemas"
      Effect = "Allow"
      Action = ["glue:GetRegistry", "glue:GetSchema", "glue:GetSchemaVersion", "glue:ListSchemas", "glue:ListSchemaVersions"]
      Resource = [
        "arn:${var.partition}:glue:${local.here}:registry/${var.registry_name}",
        "arn:${var.partition}:glue:${local.here}:schema/${var.registry_name}/*",
      ]
    },
    {
      Sid      = "LookAtImages"
      Effect   = "Allow"
      Action   = ["ecr:DescribeImages", "ecr:DescribeRepositories", "ecr:ListImages"]
      Resource = ["arn:${var.partition}:ecr:${local.here}:repository/${var.project}-${var.environment}*"]
    },
    {
      Sid      = "ReadDashboard"
      Effect   = "Allow"
      Action   = ["cloudwatch:GetDashboard"]
      Resource = ["arn:${var.partition}:cloudwatch::${var.account_id}:dashboard/${var.project}-${var.environment}*"]
    },
    {
      Sid      = "ReadBudget"
      Effect   = "Allow"
      Action   = ["budgets:ViewBudget"]
      Resource = ["arn:${var.partition}:budgets::${var.account_id}:budget/${var.project}-${var.environment}*"]
    },
  ]

  # Calls for which AWS knows no narrower resource; each is named, none changes anything or shows a record.
  unscoped = [{
    Sid    = "ListWhatThereIs"
    Effect = "Allow"
    Action = [
      "cloudwatch:DescribeAlarms", "cloudwatch:GetMetricData", "cloudwatch:ListDashboards", "cloudwatch:ListMetrics",
      "ecs:DescribeTaskDefinition", "ecs:ListClusters", "elasticmapreduce:ListClusters",
      "emr-serverless:ListApplications", "glue:ListRegistries", "kafka:ListClusters", "kafka:ListClustersV2",
      "logs:DescribeLogGroups", "tag:GetResources",
    ]
    Resource = ["*"]
  }]

  # Whatever else is attached to the role one day, these stay out of sight.
  denied = [
    {
      Sid      = "NoTerraformState"
      Effect   = "Deny"
      Action   = ["s3:*"]
      Resource = [local.state_bucket_arn, "${local.state_bucket_arn}/*"]
    },
    {
      Sid      = "NoCheckpointsAndArchives"
      Effect   = "Deny"
      Action   = ["s3:*"]
      Resource = [for prefix in local.hidden_prefixes : "${local.bucket_arn}/${prefix}*"]
    },
    {
      Sid      = "NoSecrets"
      Effect   = "Deny"
      Action   = ["kms:Decrypt", "secretsmanager:*", "ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath", "ssm:GetParameterHistory"]
      Resource = ["*"]
    },
    {
      Sid      = "NoRecords"
      Effect   = "Deny"
      Action   = ["kafka-cluster:*", "kafka:GetBootstrapBrokers"]
      Resource = ["*"]
    },
  ]
}
