"""``./run check --mutants``: faults planted one by one in rules, workflows and policy; the tests must turn red."""
