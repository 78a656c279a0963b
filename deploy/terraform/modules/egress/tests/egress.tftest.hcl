mock_provider "aws" {}

variables {
  prefix                  = "tacho-dev"
  region                  = "eu-central-1"
  vpc_id                  = "vpc-1"
  vpc_cidr                = "10.42.0.0/16"
  availability_zone       = "eu-central-1a"
  private_subnet_ids      = ["subnet-1", "subnet-2", "subnet-3"]
  private_route_table_ids = ["rtb-1", "rtb-2", "rtb-3"]
  public_cidr             = "10.42.255.0/28"
}

run "nat_opens_one_way_out_for_every_zone" {
  command = plan

  variables {
    mode = "nat"
  }

  assert {
    condition     = [for route in aws_route.default : route.route_table_id] == ["rtb-1", "rtb-2", "rtb-3"]
    error_message = "A zone has no way out."
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 1 && length(aws_eip.this) == 1
    error_message = "More than one gateway is paid for."
  }

  assert {
    condition     = !aws_subnet.public["nat"].map_public_ip_on_launch
    error_message = "The public subnet hands out addresses."
  }

  assert {
    condition     = length(aws_vpc_endpoint.this) == 0
    error_message = "Endpoints are paid for beside the gateway."
  }
}

run "endpoints_leave_the_internet_closed" {
  command = plan

  variables {
    mode = "endpoints"
  }

  assert {
    condition     = length(aws_internet_gateway.this) + length(aws_route.default) + length(aws_nat_gateway.this) == 0
    error_message = "There is a way to the internet."
  }

  assert {
    condition     = alltrue([for endpoint in aws_vpc_endpoint.this : endpoint.private_dns_enabled && length(endpoint.subnet_ids) == 3])
    error_message = "An endpoint is not reachable from every zone by its usual name."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.https["endpoints"].cidr_ipv4 == "10.42.0.0/16"
    error_message = "Others than the VPC may use the endpoints."
  }
}

run "refuses_a_way_that_is_none" {
  command = plan

  variables {
    mode = "vpn"
  }

  expect_failures = [var.mode]
}

run "refuses_a_range_that_is_none" {
  command = plan

  variables {
    mode        = "nat"
    public_cidr = "10.42.255"
  }

  expect_failures = [var.public_cidr]
}
