# What machines of workers have in common. Their metadata answers to IMDSv2 only; two hops, for a worker sits in a container. The
# role that the metadata hands out is that of ECS's agent: it reads no file, no secret and no database (roles.tf).

resource "aws_launch_template" "this" {
  # checkov:skip=CKV_AWS_341: a container is one hop further from the metadata, and AUTOML_SPOT reads it (docs/scaling.md)
  for_each = var.queues

  name_prefix            = "${var.prefix}-${each.key}-"
  update_default_version = true

  # Batch chooses its own image, in a group the machine joins the cluster.
  image_id  = var.form == "group" ? data.aws_ssm_parameter.image[each.key].value : null
  user_data = var.form == "group" ? base64encode("#!/bin/sh\necho ECS_CLUSTER=${aws_ecs_cluster.group[0].name} >> /etc/ecs/ecs.config\n") : null

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 2
  }

  block_device_mappings {
    device_name = "/dev/xvda"
    ebs {
      volume_type           = "gp3"
      volume_size           = var.disk_gib
      encrypted             = true
      delete_on_termination = true
    }
  }

  # Batch and the group name subnets and groups themselves; a group takes them from here.
  vpc_security_group_ids = var.form == "group" ? [var.security_group_id] : null

  dynamic "iam_instance_profile" {
    for_each = var.form == "group" ? [true] : []
    content {
      arn = aws_iam_instance_profile.machine.arn
    }
  }

  tag_specifications {
    resource_type = "instance"
    tags          = { Name = "${var.prefix}-worker-${each.key}", Deployment = var.prefix }
  }
  tag_specifications {
    resource_type = "volume"
    tags          = { Name = "${var.prefix}-worker-${each.key}", Deployment = var.prefix }
  }

  lifecycle {
    create_before_destroy = true
  }
}
