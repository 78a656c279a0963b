mock_provider "aws" {}

variables {
  prefix             = "tacho-dev"
  region             = "eu-central-1"
  availability_zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
  vpc_cidr           = "10.42.0.0/16"
}

run "has_private_subnets_in_every_zone" {
  command = plan

  assert {
    condition = { for zone, subnet in aws_subnet.private : zone => subnet.cidr_block } == {
      eu-central-1a = "10.42.0.0/20", eu-central-1b = "10.42.16.0/20", eu-central-1c = "10.42.32.0/20",
    }
    error_message = "Subnets are not where they are expected."
  }

  assert {
    condition     = !anytrue([for subnet in aws_subnet.private : subnet.map_public_ip_on_launch])
    error_message = "A subnet hands out public addresses."
  }
}

run "is_usable_by_emrs_managed_policies" {
  command = plan

  assert {
    condition = alltrue([
      for tags in concat([aws_vpc.this.tags], [for subnet in aws_subnet.private : subnet.tags]) :
      tags["for-use-with-amazon-emr-managed-policies"] == "true"
    ])
    error_message = "EMR's service role could not act here."
  }
}

run "hands_everything_on_in_the_order_of_the_zones" {
  command = apply

  assert {
    condition     = output.private_subnet_ids == [for zone in var.availability_zones : aws_subnet.private[zone].id]
    error_message = "Subnets are in another order than the zones."
  }

  assert {
    condition     = length(output.private_route_table_ids) == 3
    error_message = "A zone has no route table."
  }
}

run "works_in_two_zones" {
  command = plan

  variables {
    availability_zones = ["eu-central-1a", "eu-central-1b"]
  }

  assert {
    condition     = length(aws_subnet.private) == 2
    error_message = "Two zones make two subnets."
  }
}

run "refuses_one_zone" {
  command = plan

  variables {
    availability_zones = ["eu-central-1a"]
  }

  expect_failures = [var.availability_zones]
}

run "refuses_zones_of_another_region" {
  command = plan

  variables {
    availability_zones = ["us-east-1a", "us-east-1b"]
  }

  expect_failures = [var.availability_zones]
}

run "refuses_a_range_that_is_too_small" {
  command = plan

  variables {
    vpc_cidr = "10.42.0.0/24"
  }

  expect_failures = [var.vpc_cidr]
}
