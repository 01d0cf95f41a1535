"""People going through whole paths. A package, so that its fixtures (scope="package") end with it."""
