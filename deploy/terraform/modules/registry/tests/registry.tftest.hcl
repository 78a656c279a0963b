mock_provider "aws" {
  mock_resource "aws_glue_registry" {
    defaults = { arn = "arn:aws:glue:eu-central-1:123456789012:registry/tacho-dev" }
  }
}

variables {
  name        = "tacho-dev"
  description = "tacho's contracts"
  schemas     = { SensorSample = "{\"type\": \"record\", \"name\": \"SensorSample\", \"fields\": []}" }
}

run "every_schema_is_compatible_with_all_of_its_versions" {
  command = plan

  assert {
    condition     = alltrue([for schema in aws_glue_schema.this : schema.compatibility == "FULL_ALL" && schema.data_format == "AVRO"])
    error_message = "A reader of one version could fail on another."
  }
}

run "a_schema_is_made_with_its_first_version" {
  command = apply

  assert {
    condition     = aws_glue_schema.this["SensorSample"].schema_definition == var.schemas["SensorSample"]
    error_message = "The definition is another one."
  }
}

run "later_versions_are_not_terraforms" {
  command = plan

  variables {
    schemas = { SensorSample = "{\"type\": \"record\", \"name\": \"SensorSample\", \"fields\": [{\"name\": \"x\", \"type\": \"int\", \"default\": 0}]}" }
  }

  assert {
    condition     = aws_glue_schema.this["SensorSample"].schema_definition == "{\"type\": \"record\", \"name\": \"SensorSample\", \"fields\": []}"
    error_message = "Terraform would register a version."
  }
}

run "refuses_what_is_no_record" {
  command = plan

  variables {
    schemas = { SensorSample = "record SensorSample {}" }
  }

  expect_failures = [var.schemas]
}
