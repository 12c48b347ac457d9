"""The parts of a saturation experiment: wells to isotherms, isotherms to Kd and Bmax, and its simulated bench."""
