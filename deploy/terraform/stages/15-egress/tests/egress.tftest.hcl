mock_provider "aws" {}

variables {
  region                  = "eu-central-1"
  account_id              = "123456789012"
  vpc_id                  = "vpc-1"
  vpc_cidr                = "10.42.0.0/16"
  availability_zones      = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
  private_subnet_ids      = ["subnet-1", "subnet-2", "subnet-3"]
  private_route_table_ids = ["rtb-1", "rtb-2", "rtb-3"]
}

run "is_nat_unless_said_otherwise" {
  command = apply

  assert {
    condition     = output.egress_mode == "nat"
    error_message = "The way out is another one."
  }

  assert {
    condition     = length(module.egress.endpoint_services) == 0
    error_message = "Endpoints are made although there is a gateway."
  }
}

run "endpoints_are_made_when_asked_for" {
  command = apply

  variables {
    mode = "endpoints"
  }

  assert {
    condition     = contains(module.egress.endpoint_services, "ecr.dkr")
    error_message = "Images cannot be pulled."
  }
}
