"""The one exception that users are meant to read."""


class UserError(Exception):
    """A fault in the user's files or settings.

    The message is a sentence with the file (and line or key), the value found, the rule it breaks
    and the remedy. Jobs print it without a traceback and exit with status 1.
    """
