"""From a question to a cited, verified answer."""
