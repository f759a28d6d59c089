"""Medians, and ratios of medians, of contenders that were timed in interleaved rounds."""
from statistics import median

NOTE = "A ratio is the median over all calls divided by that of the column's contender; in brackets the extremes of single rounds."


def print_table(rounds, ours, unit, scale, rate_of=None):
    """rounds: for each contender a list of rounds, each a list of numbers. ours: the names to compare all others with.
    rate_of: how many things one number stands for; they are then shown as so many per unit of time."""
    others = [name for name in rounds if name not in ours]
    print(f"| contender | median {unit} | min | max | calls |" + "".join(f" ratio to {name} |" for name in ours))
    print("| --- | --: | --: | --: | --: |" + " --: |" * len(ours))
    for name, times in rounds.items():
        calls = [rate_of / value if rate_of else value * scale for block in times for value in block]
        cells = [f"{median(calls):.4g}", f"{min(calls):.4g}", f"{max(calls):.4g}", str(len(calls))]
        print("| " + " | ".join([name, *cells, *(ratio(times, rounds[o]) if name in others else "" for o in ours)]) + " |")


def ratio(theirs, ours):
    per_round = [median(a) / median(b) for a, b in zip(theirs, ours, strict=True)]
    whole = median(sum(theirs, [])) / median(sum(ours, []))
    return f"{whole:.4g} [{min(per_round):.4g}, {max(per_round):.4g}]"
