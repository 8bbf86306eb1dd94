"""The one error whose text is meant for the user, and the command line that raises it.

UserError                wrong use or bad input: shown as one sentence, exit status 2
"""

import argparse
from typing import NoReturn


class UserError(Exception):
    """Wrong use or bad input; its text is one plain sentence that says what to do."""


class Parser(argparse.ArgumentParser):
    """A command line whose wrong use is a UserError."""

    def error(self, message: str) -> NoReturn:
        """Raise what is wrong, in one sentence."""
        raise UserError(f"{message}; {self.prog} --help shows what can be given.")
