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
    condition     = contains(output.topics_written, "alerter-state") && contains(output.topics_read, "alerter-state")
    error_message = "The alerter cannot keep its memory."
  }

  assert {
    condition     = contains(output.topics_read, "alert-rules") && !contains(output.topics_written, "alert-rules")
    error_message = "The alerter does not read the rules, or could write them."
  }

  assert {
    condition = [for statement in output.statements : statement.Resource if statement.Sid == "KafkaGroups"] == [
      ["arn:aws:kafka:eu-central-1:123456789012:group/tacho-dev/*/tacho-alerter"],
    ]
    error_message = "The alerter joins other groups than its own."
  }
}

run "the_producer_creates_and_changes_no_topic" {
  command = plan

  variables {
    service = "producer"
    groups  = ["tacho-producer-resume"]
  }

  assert {
    condition     = !anytrue([for statement in output.statements : contains(["KafkaCreate", "KafkaRetention"], statement.Sid)])
    error_message = "The producer has permissions of others."
  }

  assert {
    condition     = join(",", output.topics_read) == "faults,sensors-sample"
    error_message = "The producer reads the end of the log, where no journal says how far each car got, the switches of faults, and nothing else."
  }

  assert {
    condition     = alltrue([for statement in output.statements : length(statement.Resource) > 0])
    error_message = "A statement is about nothing."
  }
}

run "the_operator_creates_every_topic_and_puts_archives_back" {
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

  assert {
    condition     = join(",", output.topics_written) == "alert-acks,alert-rules,faults,sensors-sample"
    error_message = "The operator puts archives back into the log, publishes rules, acknowledges, switches faults, and writes nothing else."
  }

  assert {
    condition = [for statement in output.statements : statement.Resource if statement.Sid == "KafkaRetention"] == [
      ["arn:aws:kafka:eu-central-1:123456789012:topic/tacho-dev/*/sensors-sample"],
    ]
    error_message = "Settings of other topics than the log's can be changed, or those of the log cannot."
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
