locals {
  container = {
    name      = var.service
    image     = "${var.repository_url}:unreleased"
    essential = true
    command   = var.command
    # As in the image; a number needs no look into the image's passwd.
    user                   = "10001:10001"
    readonlyRootFilesystem = true
    mountPoints            = [{ sourceVolume = "tmp", containerPath = "/tmp", readOnly = false }]
    environment            = [for name in sort(keys(var.environment)) : { name = name, value = var.environment[name] }]
    # SIGTERM, then this long to send what is under way and to commit.
    stopTimeout     = var.stop_seconds
    linuxParameters = { initProcessEnabled = true, capabilities = { drop = ["ALL"] } }

    logConfiguration = {
      logDriver = "awslogs"
      options = {
        "awslogs-group"         = var.log_group_name
        "awslogs-region"        = var.region
        "awslogs-stream-prefix" = var.service
        # A log service that is away must not stop the samples.
        "mode"            = "non-blocking"
        "max-buffer-size" = "4m"
      }
    }
  }

  # Nothing but a place for the SSM agent, which ECS Exec puts into every container of the task, and which cannot live in
  # the other one: it runs as root with the container's usual capabilities and writes to its root. The containers of a
  # task share their loopback, so a port forwarded to here is the service's. The image is the service's own: private
  # subnets may reach no other registry.
  tunnel = {
    name                   = "tunnel"
    image                  = local.container.image
    essential              = true
    entryPoint             = ["sleep", "infinity"]
    user                   = local.container.user
    readonlyRootFilesystem = false
    stopTimeout            = 2
    linuxParameters        = { initProcessEnabled = true }
  }

  # A service that waits for the brokers is not well either, and a new task would wait as well: two minutes and a half
  # are longer than MSK takes to fail over.
  health = var.health_command == null ? {} : {
    healthCheck = {
      command     = var.health_command
      interval    = 30
      timeout     = 10
      retries     = 5
      startPeriod = var.start_seconds
    }
  }

  # Absent is not the same as null for AWS, and would be a change in every plan.
  container_definitions = concat(
    [merge({ for key, value in local.container : key => value if value != null }, local.health)],
    var.tunnel ? [local.tunnel] : [],
  )

  # What `tacho aws release` registers once it has put the image's digest in place of the tag.
  task_definition = {
    family                  = var.name
    cpu                     = tostring(var.cpu)
    memory                  = tostring(var.memory_mb)
    networkMode             = "awsvpc"
    requiresCompatibilities = ["FARGATE"]
    runtimePlatform         = { cpuArchitecture = var.architecture, operatingSystemFamily = "LINUX" }
    executionRoleArn        = local.role_arns.start
    taskRoleArn             = local.role_arns.task
    volumes                 = [{ name = "tmp" }]
    containerDefinitions    = local.container_definitions
    tags                    = [for key in sort(keys(var.tags)) : { key = key, value = var.tags[key] }]
  }
}

resource "aws_ecs_task_definition" "this" {
  family                   = var.name
  cpu                      = local.task_definition.cpu
  memory                   = local.task_definition.memory
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  execution_role_arn       = aws_iam_role.start.arn
  task_role_arn            = aws_iam_role.task.arn
  container_definitions    = jsonencode(local.container_definitions)

  runtime_platform {
    cpu_architecture        = var.architecture
    operating_system_family = "LINUX"
  }

  # The only place a container can write to. The image names it too (VOLUME), or it would belong to root.
  volume {
    name = "tmp"
  }
}

resource "aws_ecs_service" "this" {
  count = var.one_off ? 0 : 1

  name             = var.name
  cluster          = var.ecs_cluster_arn
  task_definition  = aws_ecs_task_definition.this.arn
  launch_type      = "FARGATE"
  platform_version = "1.4.0"
  propagate_tags   = "SERVICE"

  # Starts the agent that a port is forwarded through.
  enable_execute_command = var.tunnel

  # There is no image before the first release, which also starts it; from then on releases decide.
  desired_count = 0

  # 0 and 100: the old task is gone before the new one starts, for no two may own a partition, or a car's sequence.
  deployment_minimum_healthy_percent = var.single ? 0 : 100
  deployment_maximum_percent         = var.single ? 100 : 200
  # Rebalancing starts the new task first, so it is refused below 101 %.
  availability_zone_rebalancing = var.single ? "DISABLED" : "ENABLED"

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = var.security_group_ids
    assign_public_ip = false
  }

  # Without its permissions a task starts and fails, and the circuit breaker blames the release.
  depends_on = [aws_iam_role_policy.start, aws_iam_role_policy.task]

  lifecycle {
    ignore_changes = [task_definition, desired_count]
  }
}
