"""The parts of an uptake time course: wells to courses, courses to v0 and the usable time, and its simulated bench."""
