output "load_balancer" {
  description = "For alarms: the load balancer and its targets, as CloudWatch names them."
  value       = { id = aws_lb.this.arn_suffix, targets = aws_lb_target_group.this.arn_suffix }
}

output "service" {
  description = "For alarms: cluster and service."
  value       = { cluster = aws_ecs_cluster.this.name, name = aws_ecs_service.this.name }
}

output "one_off_tasks" {
  description = "What `aws ecs run-task` needs."
  value = {
    cluster = aws_ecs_cluster.this.name
    account = aws_ecs_task_definition.account.family
    migrate = aws_ecs_task_definition.migrate.family
    network = "awsvpcConfiguration={subnets=[${join(",", var.private_subnet_ids)}],securityGroups=[${var.security_group_ids["api"]}],assignPublicIp=DISABLED}"
  }
}
