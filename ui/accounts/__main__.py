"""At the machine: `python -m ui.accounts ACCOUNT` prints a new one-time link for who has lost their password."""

from __future__ import annotations

import sys

from ui.accounts.settings import configure, prepare_tables


def main(arguments: list[str]) -> int:
    """Print the link of the one account named."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    configure()
    prepare_tables()
    from ui.accounts.credentials import first_link

    print(f"在平台地址后接：{first_link(arguments[0])}（7 日内有效，用后失效；停用的账号打开无效）")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
