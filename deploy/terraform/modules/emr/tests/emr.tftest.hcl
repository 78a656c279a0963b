mock_provider "aws" {}

override_resource {
  target          = aws_kms_key.disks
  override_during = plan
  values          = { arn = "arn:aws:kms:eu-central-1:123456789012:key/disks" }
}

variables {
  name                           = "tacho-dev-emr"
  region                         = "eu-central-1"
  account_id                     = "123456789012"
  partition                      = "aws"
  release_label                  = "emr-spark-8.1.0"
  instance_type                  = "m5.xlarge"
  task_slots_needed              = 8
  task_slots_reason              = "6 input partitions and 2 window queries"
  bucket_name                    = "tacho-dev-data-123456789012"
  vpc_id                         = "vpc-1"
  subnet_id                      = "subnet-1"
  kafka_client_security_group_id = "sg-kafka"
  job_statements = [
    { Sid = "ReadInput", Effect = "Allow", Action = ["s3:GetObject"], Resource = ["arn:aws:s3:::bucket/data/dims/*"] },
  ]
}

run "is_one_node_with_room_for_steps_beside_the_enricher" {
  command = plan

  assert {
    condition = alltrue([
      aws_emr_cluster.this.release_label == "emr-spark-8.1.0",
      aws_emr_cluster.this.master_instance_group[0].instance_type == "m5.xlarge",
      aws_emr_cluster.this.master_instance_group[0].instance_count == 1,
      length(aws_emr_cluster.this.core_instance_group) == 0,
    ])
    error_message = "It is not the seed's single node."
  }

  assert {
    condition     = aws_emr_cluster.this.step_concurrency_level >= 4
    error_message = "The enricher's step, which never ends, would block the others."
  }

  assert {
    condition     = aws_emr_cluster.this.keep_job_flow_alive_when_no_steps && !aws_emr_cluster.this.termination_protection
    error_message = "The cluster ends by itself, or cannot be ended."
  }
}

run "has_more_task_slots_than_cores" {
  command = plan

  assert {
    condition = tonumber(one([
      for part in jsondecode(aws_emr_cluster.this.configurations_json) : part.Properties["spark.executor.cores"]
      if part.Classification == "spark-defaults"
    ])) == 16
    error_message = "spark.executor.cores is not four times the vCPUs."
  }

  assert {
    condition = tonumber(one([
      for part in jsondecode(aws_emr_cluster.this.configurations_json) :
      part.Properties["yarn.nodemanager.resource.cpu-vcores"] if part.Classification == "yarn-site"
    ])) >= 4 * 16
    error_message = "YARN would refuse an executor with so many cores."
  }
}

run "two_applications_find_memory" {
  command = plan

  assert {
    condition     = 2 * (local.driver_mb + local.executor_mb + 2 * 384) < local.size.yarn_mb
    error_message = "A one-off job would wait for ever beside the enricher."
  }
}

run "the_service_role_is_no_admin" {
  command = plan

  assert {
    condition     = aws_iam_role_policy_attachment.service.policy_arn == "arn:aws:iam::aws:policy/service-role/AmazonEMRServicePolicy_v2"
    error_message = "The service role has another policy than EMR's own, second version."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_iam_role_policy.service.policy).Statement :
      statement.Action == ["iam:PassRole"] && statement.Resource == ["arn:aws:iam::123456789012:role/tacho-dev-emr-node"]
    ])
    error_message = "The service role may pass other roles than the node's."
  }

  assert {
    condition     = jsondecode(aws_iam_role.service.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "123456789012"
    error_message = "The EMR of another account may use the service role."
  }
}

run "carries_the_tag_that_the_managed_policy_looks_for" {
  command = plan

  assert {
    condition = alltrue([
      for tagged in concat([aws_emr_cluster.this], values(aws_security_group.this)) :
      tagged.tags["for-use-with-amazon-emr-managed-policies"] == "true"
    ])
    error_message = "EMR's service role could not touch the cluster or its groups."
  }
}

run "has_groups_of_its_own_that_can_be_deleted" {
  command = plan

  assert {
    condition     = keys(aws_security_group.this) == ["core", "master", "service-access"]
    error_message = "EMR would make groups and leave them behind."
  }

  assert {
    condition     = alltrue([for group in aws_security_group.this : group.revoke_rules_on_delete])
    error_message = "Groups that name each other cannot be deleted."
  }

  assert {
    condition     = aws_emr_cluster.this.ec2_attributes[0].additional_master_security_groups == "sg-kafka"
    error_message = "The brokers would not admit the node."
  }
}

run "encrypts_disks_and_asks_for_tokens_of_the_metadata_service" {
  command = plan

  assert {
    condition     = jsondecode(aws_emr_security_configuration.this.configuration).EncryptionConfiguration.AtRestEncryptionConfiguration.LocalDiskEncryptionConfiguration.EnableEbsEncryption
    error_message = "Disks are not encrypted."
  }

  assert {
    condition     = jsondecode(aws_emr_security_configuration.this.configuration).InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion == 2
    error_message = "The metadata service answers without a token."
  }
}

run "takes_a_larger_size_for_more_partitions" {
  command = plan

  variables {
    instance_type     = "m5.2xlarge"
    task_slots_needed = 32
  }

  assert {
    condition     = output.task_slots == 32
    error_message = "m5.2xlarge has not twice the slots."
  }
}

run "refuses_too_few_task_slots" {
  command = plan

  variables {
    task_slots_needed = 17
  }

  expect_failures = [aws_emr_cluster.this]
}

run "names_the_smallest_size_that_fits" {
  command = plan

  variables {
    instance_type     = "m5.8xlarge"
    task_slots_needed = 17
  }

  assert {
    condition     = local.advice == "the smallest size that fits is m5.2xlarge"
    error_message = "The advice is wrong: ${local.advice}."
  }
}

run "refuses_an_unknown_release" {
  command = plan

  variables {
    release_label = "emr-6.15.0"
  }

  expect_failures = [var.release_label]
}

run "refuses_an_unknown_size" {
  command = plan

  variables {
    instance_type = "m5.xlagre"
  }

  expect_failures = [var.instance_type]
}

run "refuses_one_step_at_a_time" {
  command = plan

  variables {
    step_concurrency = 1
  }

  expect_failures = [var.step_concurrency]
}
