"""Gratitude's own verbs: saying thanks, keeping every copy in step, gathering them."""
