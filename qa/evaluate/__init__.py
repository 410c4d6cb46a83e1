"""Offline evaluation: data sets, metrics, runs, comparison, gate and report.

The modules, in the order of their work: ``datasets`` reads what is asked, ``runner`` asks it,
``metrics`` scores it, ``runs`` keeps it, ``compare`` and ``gate`` judge it, ``report`` shows it.
Nothing is imported here, so that the command line starts without any of it.
"""
