mock_provider "aws" {}

variables {
  name                   = "tacho-dev-alerter"
  service                = "alerter"
  region                 = "eu-central-1"
  account_id             = "123456789012"
  partition              = "aws"
  one_off                = false
  single                 = true
  tunnel                 = false
  repository_url         = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/tacho-dev/alerter"
  architecture           = "X86_64"
  cpu                    = 512
  memory_mb              = 1024
  command                = null
  environment            = { TACHO_KAFKA_MODE = "iam" }
  health_command         = ["CMD", "healthy"]
  start_seconds          = 120
  stop_seconds           = 60
  ecs_cluster_arn        = "arn:aws:ecs:eu-central-1:123456789012:cluster/tacho-dev"
  subnet_ids             = ["subnet-1", "subnet-2"]
  security_group_ids     = ["sg-kafka"]
  log_group_name         = "/tacho-dev/services"
  kafka_parameter_prefix = "/tacho-dev/kafka"
  bucket_arn             = "arn:aws:s3:::tacho-dev-data-123456789012"
  read_prefixes          = ["data/dims/"]
  write_prefixes         = []
  tags                   = { project = "tacho", environment = "dev" }
  kafka_statements = [
    { Sid = "KafkaConnect", Effect = "Allow", Action = ["kafka-cluster:Connect"], Resource = ["arn:aws:kafka:eu-central-1:123456789012:cluster/tacho-dev/*"] },
  ]
}

run "the_container_can_change_nothing_but_tmp" {
  command = plan

  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].user == "10001:10001"
    error_message = "The container runs as root."
  }

  assert {
    condition = alltrue([
      for container in jsondecode(aws_ecs_task_definition.this.container_definitions) :
      container.readonlyRootFilesystem &&
      container.mountPoints == [{ sourceVolume = "tmp", containerPath = "/tmp", readOnly = false }] &&
      container.linuxParameters.capabilities.drop == ["ALL"]
    ])
    error_message = "The container can write elsewhere than in /tmp, or has capabilities."
  }

  assert {
    condition     = [for volume in aws_ecs_task_definition.this.volume : volume.name] == ["tmp"]
    error_message = "There is no volume for /tmp."
  }
}

run "a_start_has_time_and_a_stop_has_time" {
  command = plan

  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].healthCheck.startPeriod == 120
    error_message = "A cold start would be taken for a failure."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].stopTimeout == 60
    error_message = "The service would be killed in the middle of its last batch."
  }
}

run "two_owners_of_a_partition_never_run_at_once" {
  command = plan

  assert {
    condition = alltrue([
      aws_ecs_service.this[0].deployment_minimum_healthy_percent == 0,
      aws_ecs_service.this[0].deployment_maximum_percent == 100,
      aws_ecs_service.this[0].availability_zone_rebalancing == "DISABLED",
    ])
    error_message = "A release would run the new task beside the old one."
  }
}

run "a_service_that_may_run_twice_is_never_away" {
  command = plan

  variables {
    single = false
  }

  assert {
    condition = alltrue([
      aws_ecs_service.this[0].deployment_minimum_healthy_percent == 100,
      aws_ecs_service.this[0].deployment_maximum_percent == 200,
    ])
    error_message = "A release would interrupt the service."
  }
}

run "a_bad_release_is_rolled_back_and_nothing_runs_before_the_first" {
  command = plan

  assert {
    condition = alltrue([
      aws_ecs_service.this[0].deployment_circuit_breaker[0].enable,
      aws_ecs_service.this[0].deployment_circuit_breaker[0].rollback,
      aws_ecs_service.this[0].desired_count == 0,
    ])
    error_message = "A release that fails would be tried for ever, or the service starts without an image."
  }
}

run "has_no_public_address" {
  command = plan

  assert {
    condition     = !aws_ecs_service.this[0].network_configuration[0].assign_public_ip
    error_message = "Tasks have public addresses."
  }
}

run "the_release_renders_what_terraform_made" {
  command = plan

  assert {
    condition     = jsonencode(jsondecode(output.task_definition).containerDefinitions) == aws_ecs_task_definition.this.container_definitions
    error_message = "A release would start another container than Terraform describes."
  }

  assert {
    condition = alltrue([
      jsondecode(output.task_definition).family == aws_ecs_task_definition.this.family,
      jsondecode(output.task_definition).taskRoleArn == "arn:aws:iam::123456789012:role/${aws_iam_role.task.name}",
      jsondecode(output.task_definition).executionRoleArn == "arn:aws:iam::123456789012:role/${aws_iam_role.start.name}",
    ])
    error_message = "A release would use other roles than Terraform makes."
  }
}

run "nothing_opens_a_tunnel_unless_it_is_asked_for" {
  command = plan

  assert {
    condition = alltrue([
      !aws_ecs_service.this[0].enable_execute_command,
      length(jsondecode(aws_ecs_task_definition.this.container_definitions)) == 1,
      !strcontains(aws_iam_role_policy.task.policy, "ssmmessages"),
    ])
    error_message = "A service that nobody looks at can be entered."
  }
}

run "a_tunnel_is_a_container_of_its_own_that_does_nothing" {
  command = plan

  variables {
    tunnel = true
  }

  assert {
    condition     = aws_ecs_service.this[0].enable_execute_command
    error_message = "No agent would be started."
  }

  assert {
    condition = alltrue([
      [for container in jsondecode(aws_ecs_task_definition.this.container_definitions) : container.name] == ["alerter", "tunnel"],
      jsondecode(aws_ecs_task_definition.this.container_definitions)[1].entryPoint == ["sleep", "infinity"],
      jsondecode(aws_ecs_task_definition.this.container_definitions)[1].user == "10001:10001",
      jsondecode(aws_ecs_task_definition.this.container_definitions)[1].image == jsondecode(aws_ecs_task_definition.this.container_definitions)[0].image,
    ])
    error_message = "The tunnel does something, runs as root or needs another image."
  }

  # AWS: the agent needs a root that can be written.
  assert {
    condition = [
      for container in jsondecode(aws_ecs_task_definition.this.container_definitions) : container.readonlyRootFilesystem
    ] == [true, false]
    error_message = "The service can change itself, or its agent cannot start."
  }

  assert {
    condition     = reverse(jsondecode(aws_iam_role_policy.task.policy).Statement)[0].Action == ["ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel", "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel"]
    error_message = "The agent may do more or less than it needs."
  }
}

run "refuses_a_tunnel_to_a_task_that_ends" {
  command = plan

  variables {
    one_off = true
    tunnel  = true
  }

  expect_failures = [var.tunnel]
}

run "reads_its_own_prefixes_and_the_brokers_addresses" {
  command = plan

  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.task.policy).Statement : statement.Sid] == [
      "FindBrokers", "ListOwnPrefixes", "ReadBucket", "KafkaConnect",
    ]
    error_message = "The task may do more or less than it needs."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.task.policy).Statement[0].Resource == ["arn:aws:ssm:eu-central-1:123456789012:parameter/tacho-dev/kafka/*"]
    error_message = "The task reads other parameters than the brokers'."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.start.policy).Statement[1].Resource == ["arn:aws:ecr:eu-central-1:123456789012:repository/tacho-dev/alerter"]
    error_message = "ECS may pull other images for this service."
  }
}

run "a_one_off_task_has_no_service" {
  command = plan

  variables {
    one_off        = true
    health_command = null
  }

  assert {
    condition     = length(aws_ecs_service.this) == 0 && output.service_name == null
    error_message = "A one-off task would be kept running."
  }

  assert {
    condition     = !can(jsondecode(aws_ecs_task_definition.this.container_definitions)[0].healthCheck)
    error_message = "A one-off task has a health check that nothing answers."
  }
}

run "refuses_a_size_that_is_not_sold" {
  command = plan

  variables {
    memory_mb = 512
  }

  expect_failures = [var.memory_mb]
}

run "refuses_a_brokers_address" {
  command = plan

  variables {
    environment = { TACHO_KAFKA_SERVERS = "b-1.tachodev.abc.c2.kafka.eu-central-1.amazonaws.com:9098" }
  }

  expect_failures = [var.environment]
}

run "refuses_a_health_check_through_a_shell" {
  command = plan

  variables {
    health_command = ["CMD-SHELL", "true"]
  }

  expect_failures = [var.health_command]
}

run "refuses_a_stop_longer_than_fargate_waits" {
  command = plan

  variables {
    stop_seconds = 300
  }

  expect_failures = [var.stop_seconds]
}
