mock_provider "aws" {}

variables {
  name                           = "tacho-dev-emr"
  region                         = "eu-central-1"
  account_id                     = "123456789012"
  partition                      = "aws"
  release_label                  = "emr-spark-8.1.0"
  workers                        = 2
  worker_vcpus                   = 4
  task_slots_needed              = 8
  task_slots_reason              = "6 input partitions and 2 window queries"
  vpc_id                         = "vpc-1"
  subnet_ids                     = ["subnet-1", "subnet-2"]
  kafka_client_security_group_id = "sg-kafka"
  job_statements = [
    { Sid = "ReadInput", Effect = "Allow", Action = ["s3:GetObject"], Resource = ["arn:aws:s3:::bucket/data/dims/*"] },
  ]
}

run "is_spark_that_stops_when_nothing_runs" {
  command = plan

  assert {
    condition     = aws_emrserverless_application.this.type == "SPARK"
    error_message = "The API knows Spark in upper case only."
  }

  assert {
    condition     = aws_emrserverless_application.this.auto_stop_configuration[0].enabled
    error_message = "Idle workers would cost."
  }

  assert {
    condition     = length(aws_emrserverless_application.this.initial_capacity) == 0
    error_message = "Workers that wait cost as much as those that work."
  }
}

run "has_room_for_the_enricher_and_one_job_beside_it" {
  command = plan

  assert {
    condition     = aws_emrserverless_application.this.maximum_capacity[0].cpu == "14 vCPU"
    error_message = "The enricher has 2 x 4 + 1 vCPUs and a one-off job 4 + 1."
  }

  assert {
    condition     = aws_emrserverless_application.this.maximum_capacity[0].memory == "32 GB"
    error_message = "The enricher has 2 x 8 + 4 GB and a one-off job 8 + 4."
  }

  assert {
    condition     = output.spark_properties["spark.executor.cores"] == "4" && output.spark_properties["spark.executor.instances"] == "2"
    error_message = "The job asks for other workers than were counted."
  }
}

run "only_this_account_uses_the_role" {
  command = plan

  assert {
    condition     = jsondecode(aws_iam_role.job.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "123456789012"
    error_message = "Applications of another account may use the role."
  }
}

run "refuses_too_few_task_slots" {
  command = plan

  variables {
    task_slots_needed = 9
  }

  expect_failures = [aws_emrserverless_application.this]
}

run "names_the_smallest_number_of_workers_that_fits" {
  command = plan

  variables {
    workers           = 4
    task_slots_needed = 9
  }

  assert {
    condition     = local.workers_needed == 3
    error_message = "Nine slots need three workers of four."
  }
}

run "refuses_a_worker_that_is_not_sold" {
  command = plan

  variables {
    worker_vcpus = 3
  }

  expect_failures = [var.worker_vcpus]
}

run "refuses_an_unknown_release" {
  command = plan

  variables {
    release_label = "emr-spark-8.1"
  }

  expect_failures = [var.release_label]
}
