mock_provider "aws" {
  mock_resource "aws_glue_registry" {
    defaults = { arn = "arn:aws:glue:eu-central-1:123456789012:registry/tacho-dev" }
  }
}

variables {
  region             = "eu-central-1"
  account_id         = "123456789012"
  availability_zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
}

run "uploads_the_dimensions_and_nothing_generated" {
  command = plan

  assert {
    condition = toset([for file in aws_s3_object.dims : file.key]) == toset([
      "data/dims/car_colors/car_colors.csv", "data/dims/car_models/car_models.csv", "data/dims/drivetrains/drivetrains.csv",
    ])
    error_message = "Other files are uploaded than the three tables."
  }

  assert {
    condition     = length(csvdecode(file(aws_s3_object.dims["car_models/car_models.csv"].source))) == 7
    error_message = "There are not seven models."
  }

  assert {
    condition     = length(csvdecode(file(aws_s3_object.dims["car_colors/car_colors.csv"].source))) == 7
    error_message = "There are not seven colours."
  }
}

run "hands_on_what_later_stages_ask_for" {
  command = apply

  assert {
    condition     = output.dims_path == "s3://tacho-dev-data-123456789012/data/dims"
    error_message = "The dimensions are somewhere else."
  }

  assert {
    condition     = output.car_models_path == "s3://tacho-dev-data-123456789012/data/dims/car_models/"
    error_message = "The car models are somewhere else."
  }

  assert {
    condition     = keys(output.repository_urls) == ["alerter", "dashboard", "producer", "tacho"]
    error_message = "An image has no repository."
  }

  assert {
    condition     = length(output.private_subnet_ids) == 3
    error_message = "A zone has no subnet."
  }
}

run "an_image_cannot_be_replaced_behind_its_tag" {
  command = plan

  assert {
    condition     = alltrue([for repository in aws_ecr_repository.this : repository.image_tag_mutability == "IMMUTABLE"])
    error_message = "Tags can move."
  }

  assert {
    condition     = !anytrue([for repository in aws_ecr_repository.this : repository.force_delete])
    error_message = "Destroying the stage would delete images without being told to."
  }
}

run "a_new_service_is_one_more_name" {
  command = plan

  variables {
    images = ["producer", "alerter", "dashboard", "tacho", "gateway"]
  }

  assert {
    condition     = contains(keys(aws_ecr_repository.this), "gateway")
    error_message = "The gateway has no repository."
  }
}
