"""Room *gradebook*: the ledger, and the two modules that know nbgrader and its tables."""
