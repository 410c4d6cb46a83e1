"""The recipe of the reader: from question-answering data to the shipped weights.

``python -m training.reader --data DIR`` runs every step; each step is a module of its own:
``sources`` (reading, splitting off development sets), ``corrupt`` (unanswerable questions),
``prepare`` (examples), ``model`` and ``train`` (the network and its training), ``export`` (the
shipped files), ``fit`` (fusion weights, calibration, abstention). Nothing here is imported by
``index`` or ``qa``.
"""
