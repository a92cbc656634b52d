"""Room *publish*: exercises become notebooks and keys, and a release that is proven to show no key."""
