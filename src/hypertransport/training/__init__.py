"""How hypernetworks are trained and single concepts fitted: targets, costs, descents."""
