"""Phototherapy, excimer laser and photodynamic therapy."""
