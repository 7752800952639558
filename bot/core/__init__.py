"""The pure core: values and rules, standard library only; no I/O, no clock, no discord."""
