# Three layers of subnets in each zone: the load balancer in public ones, api and workers in private ones with a way out by NAT
# (Cognito, webhooks, the APIs of AWS), database and cache in subnets without any way out.

locals {
  # A zone keeps its part of the addresses for as long as the list only grows at its end.
  zones = { for index, zone in var.zones : zone => index }
  # The zones that have a NAT gateway, and which one each zone uses.
  nat_zones = { for zone, index in local.zones : zone => index if index == 0 || var.nat_gateways == "per_zone" }
  nat_of    = { for zone, index in local.zones : zone => var.nat_gateways == "per_zone" ? zone : var.zones[0] }
}

resource "aws_vpc" "this" {
  cidr_block           = var.cidr
  enable_dns_support   = true
  enable_dns_hostnames = true
  tags                 = { Name = var.prefix }
}

# Nothing is in it: whatever is started without a group of its own can reach nobody.
resource "aws_default_security_group" "this" {
  vpc_id = aws_vpc.this.id
  tags   = { Name = "${var.prefix}-default-closed" }
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id
  tags   = { Name = var.prefix }
}

resource "aws_subnet" "public" {
  for_each = local.zones

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = cidrsubnet(var.cidr, 4, each.value)
  # The load balancer and the NAT gateways bring addresses of their own.
  map_public_ip_on_launch = false
  tags                    = { Name = "${var.prefix}-public-${each.key}" }
}

resource "aws_subnet" "private" {
  for_each = local.zones

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = cidrsubnet(var.cidr, 4, 4 + each.value)
  tags              = { Name = "${var.prefix}-private-${each.key}" }
}

resource "aws_subnet" "data" {
  for_each = local.zones

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = cidrsubnet(var.cidr, 4, 8 + each.value)
  tags              = { Name = "${var.prefix}-data-${each.key}" }
}
