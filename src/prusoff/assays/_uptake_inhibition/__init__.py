"""The parts of an uptake inhibition: wells to velocities, curves to IC50 and Ki, and its simulated bench."""
