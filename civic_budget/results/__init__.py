"""Winner selection, its protocol and explanation."""
