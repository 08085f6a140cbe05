"""From a sample file to a first draft of an extract: what can be told from the file, and what a person must decide.

A draft is written into the source tree for an engineer to mend; nothing here runs when deliveries are judged.
"""
