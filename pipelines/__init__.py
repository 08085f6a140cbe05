"""When and with what: definitions, resources, schedules, sensors, alerts and the `warehouse` command.

What an asset is belongs in `assets`; no data is read, judged or computed here.
"""
