# Who may speak to whom, as one list: each line is a rule out of the one group and a rule into the other. Nobody else is reached
# by anybody, and only the load balancer is reached from the internet.

locals {
  groups = {
    load_balancer = "The only door from the internet"
    api           = "Tasks of the api and the tasks that are run by hand"
    worker        = "Workers"
    database      = "Postgres"
    cache         = "Redis"
    endpoints     = "APIs of AWS inside of the network"
  }

  flows = {
    load_balancer-api = { from = "load_balancer", to = "api", port = var.api_port }
    api-database      = { from = "api", to = "database", port = 5432 }
    api-cache         = { from = "api", to = "cache", port = 6379 }
    api-endpoints     = { from = "api", to = "endpoints", port = 443 }
    worker-database   = { from = "worker", to = "database", port = 5432 }
    worker-cache      = { from = "worker", to = "cache", port = 6379 }
    worker-endpoints  = { from = "worker", to = "endpoints", port = 443 }
  }

  # HTTP only leads to HTTPS (modules/api/load_balancer.tf).
  doors = { https = 443, http = 80 }
}

resource "aws_security_group" "this" {
  # checkov:skip=CKV2_AWS_5: they are attached in the modules that use them
  for_each = local.groups

  name        = "${var.prefix}-${replace(each.key, "_", "-")}"
  description = each.value
  vpc_id      = aws_vpc.this.id
  tags        = { Name = "${var.prefix}-${each.key}" }
}

resource "aws_vpc_security_group_egress_rule" "flow" {
  for_each = local.flows

  security_group_id            = aws_security_group.this[each.value.from].id
  referenced_security_group_id = aws_security_group.this[each.value.to].id
  description                  = "To ${each.value.to}"
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_ingress_rule" "flow" {
  for_each = local.flows

  security_group_id            = aws_security_group.this[each.value.to].id
  referenced_security_group_id = aws_security_group.this[each.value.from].id
  description                  = "From ${each.value.from}"
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_ingress_rule" "internet" {
  # checkov:skip=CKV_AWS_260: port 80 answers with a redirect to 443 and nothing else
  for_each = local.doors

  security_group_id = aws_security_group.this["load_balancer"].id
  description       = "From everywhere, ${each.key}"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = each.value
  to_port           = each.value
}

# APIs of AWS without an endpoint, the issuer's keys, and people's webhooks, whose addresses nobody knows beforehand.
resource "aws_vpc_security_group_egress_rule" "https" {
  for_each = toset(["api", "worker"])

  security_group_id = aws_security_group.this[each.value].id
  description       = "HTTPS to everywhere"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
