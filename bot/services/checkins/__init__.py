"""The check-ins' own verbs: hosts, carers, swaps, questions and answers."""
