"""What people look at: pages of the Smart Operations Centre, department returns, the dictionary.

Reports read published releases and never write to them; how figures are computed belongs in `warehouse/sql`.
"""
