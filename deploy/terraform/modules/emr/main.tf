locals {
  # What is granted by AmazonEMRServicePolicy_v2 ends at this tag, on the cluster and on everything it is put into.
  managed_policy_tags = { "for-use-with-amazon-emr-managed-policies" = "true" }

  # vCPUs, and the memory EMR gives to YARN (its table of default settings by instance type).
  sizes = {
    "m5.xlarge"  = { vcpus = 4, yarn_mb = 12288 }
    "m5.2xlarge" = { vcpus = 8, yarn_mb = 24576 }
    "m5.4xlarge" = { vcpus = 16, yarn_mb = 57344 }
    "m5.8xlarge" = { vcpus = 32, yarn_mb = 122880 }
  }
  smallest_first = ["m5.xlarge", "m5.2xlarge", "m5.4xlarge", "m5.8xlarge"]

  # A task of real-time mode waits for records most of its life, so a core carries several; laptops run eight on two.
  slots_per_vcpu = 4
  slots          = { for type, size in local.sizes : type => size.vcpus * local.slots_per_vcpu }
  fitting        = [for type in local.smallest_first : type if local.slots[type] >= var.task_slots_needed]
  advice         = length(local.fitting) > 0 ? "the smallest size that fits is ${local.fitting[0]}" : "no single node has so many: deployment = \"serverless\" with more workers does"

  size = local.sizes[var.instance_type]

  # Two applications at once (the enricher and a one-off job) must both find memory.
  driver_mb   = 1024
  executor_mb = floor(local.size.yarn_mb / 4)

  configurations = [
    {
      Classification = "spark-defaults"
      Properties = {
        # Streaming needs its slots for good and at once: one executor with more cores than the machine has.
        "spark.dynamicAllocation.enabled" = "false"
        "spark.executor.instances"        = "1"
        "spark.executor.cores"            = tostring(local.slots[var.instance_type])
        "spark.executor.memory"           = "${local.executor_mb}m"
        "spark.driver.memory"             = "${local.driver_mb}m"
      }
    },
    {
      # YARN refuses containers with more cores than it believes the node to have.
      Classification = "yarn-site"
      Properties = {
        "yarn.nodemanager.resource.cpu-vcores"     = tostring((local.slots[var.instance_type] + 1) * var.step_concurrency)
        "yarn.scheduler.maximum-allocation-vcores" = tostring(local.slots[var.instance_type])
      }
    },
  ]
}

resource "aws_emr_cluster" "this" {
  name          = var.name
  release_label = var.release_label
  applications  = ["Spark"]
  log_uri       = "s3://${var.bucket_name}/logs/emr/"

  service_role           = aws_iam_role.service.arn
  security_configuration = aws_emr_security_configuration.this.name
  configurations_json    = jsonencode(local.configurations)

  # Steps are submitted by `tacho aws`, never here: a changed step would replace the cluster. A streaming step never
  # ends, so there must be room beside it.
  step_concurrency_level            = var.step_concurrency
  keep_job_flow_alive_when_no_steps = true
  termination_protection            = var.termination_protection

  master_instance_group {
    instance_type  = var.instance_type
    instance_count = 1

    ebs_config {
      type                 = "gp3"
      size                 = 64
      volumes_per_instance = 1
    }
  }

  ec2_attributes {
    subnet_id                         = var.subnet_id
    instance_profile                  = aws_iam_instance_profile.node.arn
    emr_managed_master_security_group = aws_security_group.this["master"].id
    emr_managed_slave_security_group  = aws_security_group.this["core"].id
    service_access_security_group     = aws_security_group.this["service-access"].id
    additional_master_security_groups = var.kafka_client_security_group_id
  }

  tags = local.managed_policy_tags

  # Without its permissions a cluster starts and then ends with an error half an hour later.
  depends_on = [
    aws_iam_role_policy_attachment.service,
    aws_iam_role_policy.service,
    aws_iam_role_policy.node,
    aws_vpc_security_group_egress_rule.this,
    aws_vpc_security_group_ingress_rule.service_access,
  ]

  lifecycle {
    precondition {
      condition     = local.slots[var.instance_type] >= var.task_slots_needed
      error_message = "${var.instance_type} has ${local.slots[var.instance_type]} task slots and the enricher needs ${var.task_slots_needed} (${var.task_slots_reason}): ${local.advice}."
    }
  }
}

# Nothing leaves the one node between its processes, so there is nothing to encrypt in transit but what goes to S3 and
# Kafka, and both are TLS by themselves.
resource "aws_emr_security_configuration" "this" {
  name = var.name

  configuration = jsonencode({
    EncryptionConfiguration = {
      EnableInTransitEncryption = false
      EnableAtRestEncryption    = true
      AtRestEncryptionConfiguration = {
        S3EncryptionConfiguration = { EncryptionMode = "SSE-S3" }
        LocalDiskEncryptionConfiguration = {
          EncryptionKeyProviderType = "AwsKms"
          AwsKmsKey                 = aws_kms_key.disks.arn
          EnableEbsEncryption       = true
        }
      }
    }
    InstanceMetadataServiceConfiguration = {
      MinimumInstanceMetadataServiceVersion = 2
      HttpPutResponseHopLimit               = 1
    }
  })
}
