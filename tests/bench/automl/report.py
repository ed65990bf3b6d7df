"""The page of the results: ranks, and every score with its spread over the seeds."""

import numpy
import pandas

TITLES = {
    "ours": "AutoML Lite",
    "autogluon_medium": "AutoGluon medium",
    "autogluon_best": "AutoGluon best",
    "flaml": "FLAML",
    "h2o": "H2O",
    "mljar": "mljar",
}


def page(rows):
    """Markdown. Rows: what bench.py wrote."""
    return "\n".join(section(part, budget) for budget, part in rows.groupby("budget"))


def section(rows, budget):
    errors = rows.pivot_table(index=["set", "metric"], columns="system", values="error", aggfunc="mean", dropna=False, sort=False)
    spread = rows.pivot_table(index=["set", "metric"], columns="system", values="error", aggfunc="std", dropna=False, sort=False)
    systems = list(ranks(rows).mean().sort_values().index)
    seeds = sorted(rows.seed.unique())
    lines = [f"## {budget} seconds, {rows.cores.max()} cores, {len(seeds)} seed{'s' if len(seeds) > 1 else ''}", ""]
    lines += summary(rows, systems, budget)
    lines += ["", "Error on the test rows, lower is better: the mean, and the standard deviation over the seeds. The best is bold.", ""]
    lines += heading(["set", "metric", *(TITLES[name] for name in systems)])
    for (name, metric), values in errors.iterrows():
        best = values.min()
        cells = [cell(values.get(system), spread.loc[(name, metric)].get(system), best) for system in systems]
        lines.append("| " + " | ".join([name, metric, *cells]) + " |")
    return "\n".join(lines) + "\n"


def ranks(rows):
    """Rank of each system on each set and seed, 1 is best; equals share, and whoever failed is last."""
    errors = rows.pivot_table(index=["set", "seed"], columns="system", values="error", dropna=False, sort=False)
    ran = rows.pivot_table(index=["set", "seed"], columns="system", values="cores", aggfunc="count", dropna=False, sort=False)
    return errors.fillna(numpy.inf).where(ran.reindex_like(errors).notna()).rank(axis=1)


def summary(rows, systems, budget):
    """One line a system: rank, distance to the best, failures, time and memory."""
    errors = rows.pivot_table(index=["set", "seed"], columns="system", values="error", dropna=False, sort=False)
    gap = 100 * errors.sub(errors.min(axis=1), axis=0).div(errors)
    lines = heading(["system", "mean rank", "first", "above the best, %", "failed", "seconds, median", "longest", "memory, MB"])
    for system in systems:
        own = rows[rows.system == system]
        rank = ranks(rows)[system]
        cells = [
            TITLES[system],
            f"{rank.mean():.2f}",
            f"{int((rank == 1).sum())} of {int(rank.notna().sum())}",
            f"{gap[system].mean():.1f}",
            f"{int(own.error.isna().sum())}",
            f"{own.seconds.median():.0f}",
            f"{own.seconds.max():.0f}",
            f"{own.memory_mb.median():.0f}",
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def cell(value, spread, best):
    if pandas.isna(value):
        return "failed"
    digits = 0 if value >= 1000 else 2 if value >= 10 else 5
    text = f"{value:.{digits}f}"
    if not pandas.isna(spread):
        text += f" ± {spread:.{digits}f}"
    return f"**{text}**" if value == best else text


def heading(names):
    return ["| " + " | ".join(names) + " |", "| " + " | ".join("---" for _ in names) + " |"]
