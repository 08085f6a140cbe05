"""A pretend province: the simulator of departmental files, with the truth of every defect it plants.

It knows the reference tables but none of the parsers and checks, so that it can be used to judge them.
Everything it makes is simulated and says so.
"""

from samples.simulation import simulate

__all__ = ["simulate"]
