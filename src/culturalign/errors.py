"""The one exception a user is meant to read."""


class UserError(Exception):
    """A fault in the user's files or settings, told in a sentence.

    The text names the file (and line or key where there is one), what was found, the rule it
    breaks and the remedy. Jobs print it without a traceback and exit with status 1.
    """
