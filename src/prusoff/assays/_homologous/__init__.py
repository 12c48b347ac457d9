"""The parts of a homologous competition: one curve for each radioligand concentration, fitted together; its bench."""
