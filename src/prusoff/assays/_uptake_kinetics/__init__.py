"""The parts of uptake kinetics: wells to velocities, velocities to Km and Vmax, and its simulated bench."""
