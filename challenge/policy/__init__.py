"""Who may see what, in one place: routes (``pages``, ``console``, ``api``) and fields (``kinds``, ``columns``).

A route or a column that is not named here fails the build (tests/policy). The canary matrix asks for every address as
everybody and compares what it is shown with these tables, by equality.
"""
