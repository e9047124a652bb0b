"""Coffee's own verbs: matches, what went before, what a member can ask about them."""
