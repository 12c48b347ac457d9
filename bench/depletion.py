"""How far the plain Ki of Cheng and Prusoff is off when radioligand is used up: from the exact equilibrium.

python bench/depletion.py
"""

from prusoff.affinity.conversion import cheng_prusoff, ki_under_depletion
from prusoff.simulation.equilibrium import competitive_binding

LIGAND, KD, KI, NONSPECIFIC = 1.0, 0.8, 10.0, 0.004  # nM; nonspecific over free


def bound(receptor: float, inhibitor: float = 0.0) -> float:
    return competitive_binding(receptor, LIGAND, KD, inhibitor, KI, NONSPECIFIC).total_bound


def bisected(above, low: float, high: float) -> float:
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if above(middle) else (low, middle)
    return (low + high) / 2


def main() -> None:
    print(f"Ki {KI:g} nM, [L] {LIGAND:g} nM, Kd {KD:g} nM, nonspecific/free {NONSPECIFIC:g}\n")
    print("| bound | plain Ki is high by | exact Ki is off by |\n| --- | --- | --- |")
    for depletion in (0.03, 0.05, 0.10, 0.25):
        receptor = bisected(lambda sites, aim=depletion: bound(sites) < aim * LIGAND, 0.0, 50.0)
        total, nonspecific = bound(receptor), bound(0.0)
        half = (total + nonspecific) / 2
        ic50 = bisected(lambda inhibitor, r=receptor, h=half: bound(r, inhibitor) > h, 0.0, 1e6)
        plain = cheng_prusoff(ic50, LIGAND - total, KD)
        exact = ki_under_depletion(ic50, LIGAND, KD, total / LIGAND, nonspecific / LIGAND)
        print(
            f"| {100 * depletion:.0f} % | {100 * (plain / KI - 1):.1f} % | {100 * abs(exact / KI - 1):.1g} % |"
        )


if __name__ == "__main__":
    main()
