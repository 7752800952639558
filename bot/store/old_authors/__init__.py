"""Who claims to be which author of old pages, and what these have erased."""
