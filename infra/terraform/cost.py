"""What a month costs, as a sum that can be read. Every price is an assumption: list prices of eu-west-1 in USD as remembered on
2026-11-30, rounded, without tax, discounts and free tiers. Check them in the AWS Pricing Calculator before deciding anything.

    python cost.py            prints the table of README.md; tests/test_cost.py compares
"""

HOURS = 730

PRICE = {
    # By the hour.
    "nat": 0.048, "address": 0.005, "balancer": 0.0252, "balancer_unit": 0.008, "endpoint": 0.011,
    "fargate_cpu": 0.0405, "fargate_gib": 0.00445,
    "db.t4g.small": 0.036, "db.m7g.large": 0.185, "cache.t4g.micro": 0.017, "cache.t4g.small": 0.034,
    # On Spot: four tenths of 0.19 and 0.38.
    "c7i.xlarge spot": 0.076, "c7i.2xlarge spot": 0.152,
    # By the month.
    "database_gib": 0.127, "bucket_gib": 0.023, "disk_gib": 0.088, "firewall": 8, "key": 1, "secret": 0.4, "zone": 0.5,
    "figure": 0.3, "alarm": 0.1, "log_gib": 0.6,
}  # fmt: skip

# As dev.tfvars and prod.tfvars have them. `copies` of the database: 2 with a standby.
SHAPES = {
    "dev": {"zones": 2, "nats": 1, "endpoints": 0, "tasks": 1, "cpu": 0.5, "gib": 1, "database": "db.t4g.small", "copies": 1,
            "database_gib": 20, "cache": "cache.t4g.micro", "nodes": 1, "log_gib": 4, "worker": "c7i.xlarge spot"},
    "prod": {"zones": 3, "nats": 3, "endpoints": 8, "tasks": 2, "cpu": 1, "gib": 4, "database": "db.m7g.large", "copies": 2,
             "database_gib": 100, "cache": "cache.t4g.small", "nodes": 2, "log_gib": 20, "worker": "c7i.2xlarge spot"},
}  # fmt: skip

# A job: 20 minutes of budget on two workers, 0.5 GiB of files that stay. A worker boots for 3 minutes and idles for 5; of 20 jobs
# each has workers of its own, of 1,000 five follow each other on the same ones.
LOADS = {"idle": (0, 1), "20 jobs": (20, 1), "1,000 jobs": (1000, 5)}
WORKERS, BUDGET, BOOT, IDLE, FILES_GIB, DISK_GIB = 2, 20 / 60, 3 / 60, 5 / 60, 0.5, 100


def standing(shape):
    """What is paid although nobody comes, by part."""
    p, s = PRICE, shape
    return {
        "network (NAT, addresses, endpoints)": HOURS * (s["nats"] * p["nat"] + (s["zones"] + s["nats"]) * p["address"] + s["endpoints"] * s["zones"] * p["endpoint"]),
        "load balancer and firewall": HOURS * (p["balancer"] + p["balancer_unit"]) + p["firewall"],
        "api (Fargate)": HOURS * s["tasks"] * (s["cpu"] * p["fargate_cpu"] + s["gib"] * p["fargate_gib"]),
        "database": s["copies"] * (HOURS * p[s["database"]] + s["database_gib"] * p["database_gib"]),
        "cache": HOURS * s["nodes"] * p[s["cache"]],
        "logs, 35 figures, 20 alarms": s["log_gib"] * p["log_gib"] + 35 * p["figure"] + 20 * p["alarm"],
        "key, 6 secrets, zone": p["key"] + 6 * p["secret"] + p["zone"],
    }  # fmt: skip


def working(shape, jobs, share):
    """Workers with their disks, and files."""
    hours = jobs * WORKERS * (BUDGET + (BOOT + IDLE) / share)
    disks = hours / HOURS * DISK_GIB * PRICE["disk_gib"]
    return hours * PRICE[shape["worker"]] + disks + jobs * FILES_GIB * PRICE["bucket_gib"]


def table():
    lines = ["| USD a month | " + " | ".join(SHAPES) + " |", "| --- |" + " ---: |" * len(SHAPES)]
    parts = {name: standing(shape) for name, shape in SHAPES.items()}
    for part in parts["dev"]:
        lines.append(f"| {part} | " + " | ".join(f"{parts[name][part]:.0f}" for name in SHAPES) + " |")
    for load, (jobs, share) in LOADS.items():
        sums = [sum(parts[name].values()) + working(shape, jobs, share) for name, shape in SHAPES.items()]
        lines.append(f"| **{load}** | " + " | ".join(f"**{total:.0f}**" for total in sums) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
