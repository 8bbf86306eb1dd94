"""The one error whose text is meant for the user.

UserError                wrong use or bad input: shown as one sentence, exit status 2
"""


class UserError(Exception):
    """Wrong use or bad input; its text is one plain sentence that says what to do."""
