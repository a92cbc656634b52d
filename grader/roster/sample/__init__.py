"""Sub-room *sample*: an invented roster with planted faults. Others use ``files``; ``people`` has its figures."""
