"""``moduong doctor``: the machine and its box, the installation, the dossier for the security level."""
