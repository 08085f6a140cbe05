"""The whole way, from departmental files to published figures, held against what the simulator knows to be true."""
