"""Is it any good: question sets, measures, reports, and the gate."""
