# Says so when a month grows dearer than it should; it stops nothing. What stops is max_workers and the quotas of people. The tag
# has to be activated for billing once (README, "First time"), or the budget sees nothing.

locals {
  # Per cent of the limit, and whether it has happened or is foreseen.
  marks = {
    half     = { percent = 50, type = "ACTUAL" }
    most     = { percent = 80, type = "ACTUAL" }
    all      = { percent = 100, type = "ACTUAL" }
    foreseen = { percent = 100, type = "FORECASTED" }
  }
}

resource "aws_budgets_budget" "this" {
  name         = "${var.prefix}-month"
  budget_type  = "COST"
  time_unit    = "MONTHLY"
  limit_amount = tostring(var.limit_usd)
  limit_unit   = "USD"

  cost_filter {
    name   = "TagKeyValue"
    values = [format("user:Deployment$%s", var.prefix)]
  }

  dynamic "notification" {
    for_each = local.marks
    content {
      comparison_operator        = "GREATER_THAN"
      notification_type          = notification.value.type
      threshold                  = notification.value.percent
      threshold_type             = "PERCENTAGE"
      subscriber_email_addresses = [var.address]
      subscriber_sns_topic_arns  = [var.topic_arn]
    }
  }
}
