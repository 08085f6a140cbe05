"""What is made: extracts, dimensions, facts, marts, releases and reports as Dagster assets with their checks.

An asset says what exists and what it is made from; the work itself is done by `warehouse` and `reports`,
and when it runs, and with which resources, is said in `pipelines`.
"""
