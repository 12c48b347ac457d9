"""The parts of block against an agonist: currents by agonist and blocker, mechanisms, estimates, a simulated bench."""
