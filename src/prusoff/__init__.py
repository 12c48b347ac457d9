"""From scintillation counts to Kd, Ki and IC50 with honest intervals."""
