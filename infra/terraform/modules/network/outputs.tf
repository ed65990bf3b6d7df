output "vpc_id" {
  description = "The network."
  value       = aws_vpc.this.id
}

output "public_subnet_ids" {
  description = "For the load balancer."
  value       = [for subnet in aws_subnet.public : subnet.id]
}

output "private_subnet_ids" {
  description = "For api and workers."
  value       = [for subnet in aws_subnet.private : subnet.id]
}

output "data_subnet_ids" {
  description = "For database and cache."
  value       = [for subnet in aws_subnet.data : subnet.id]
}

output "security_group_ids" {
  description = "Groups by who is in them: load_balancer, api, worker, database, cache, endpoints."
  value       = { for name, group in aws_security_group.this : name => group.id }
}
