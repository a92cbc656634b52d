"""What a cadre's side fetches besides the modules themselves: newer copies, and where the cadre stands."""
