variables {
  partition    = "aws"
  region       = "eu-central-1"
  account_id   = "123456789012"
  cluster_name = "tacho-dev"
}

run "the_alerter_cannot_write_the_log" {
  command = plan

  variables {
    service = "alerter"
    groups  = ["tacho-alerter"]
  }

  assert {
    condition     = !contains(output.topics_written, "sensors-sample")
    error_message = "The alerter may write sensors-sample."
  }

  assert {
    condition     = contains(output.topics_written, "alert-data") && contains(output.topics_read, "samples-enriched")
    error_message = "The alerter cannot do its work."
  }

  assert {
    condition = [for statement in output.statements : statement.Resource if statement.Sid == "KafkaGroups"] == [
      ["arn:aws:kafka:eu-central-1:123456789012:group/tacho-dev/*/tacho-alerter"],
    ]
    error_message = "The alerter joins other groups than its own."
  }
}

run "the_producer_joins_no_group_and_creates_no_topic" {
  command = plan

  variables {
    service = "producer"
  }

  assert {
    condition     = !anytrue([for statement in output.statements : contains(["KafkaGroups", "KafkaCreate"], statement.Sid)])
    error_message = "The producer has permissions of others."
  }

  assert {
    condition     = alltrue([for statement in output.statements : length(statement.Resource) > 0])
    error_message = "A statement is about nothing."
  }
}

run "the_operator_creates_every_topic" {
  command = plan

  variables {
    service = "operator"
  }

  assert {
    condition     = anytrue([for statement in output.statements : contains(statement.Action, "kafka-cluster:CreateTopic")])
    error_message = "Nobody may create topics."
  }

  assert {
    condition     = contains(output.topics_read, "dead-letters")
    error_message = "The operator cannot look into every topic."
  }
}

run "a_service_is_one_of_the_catalogue" {
  command = plan

  variables {
    service = "stranger"
  }

  expect_failures = [var.service]
}

run "a_group_pattern_names_somebody" {
  command = plan

  variables {
    service = "enricher"
    groups  = ["*"]
  }

  expect_failures = [var.groups]
}

run "one_cluster_is_named" {
  command = plan

  variables {
    service      = "producer"
    cluster_name = "*"
  }

  expect_failures = [var.cluster_name]
}
