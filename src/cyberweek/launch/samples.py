"""What the demo shows and who signs in there: plain values, read before Django is."""

from __future__ import annotations

from typing import Final, NamedTuple

NATIONAL: Final = "2019-national"
PASSWORD: Final = "a week for everyone"  # noqa: S105 -- of sample accounts, printed at every start
AUTHENTICATOR_KEY: Final = b"sample accounts only".hex()
DAY_OF_REHEARSAL: Final = 4


class Sample(NamedTuple):
    """A sample account: who signs in, where they serve, as what."""

    username: str
    name: str
    unit: str
    roles: tuple[str, ...]
    keeper: bool = False


ACCOUNTS: Final = (
    Sample("national", "林悦 Lin Yue", "cac", ("coordinator",), keeper=True),
    Sample("tianjin", "赵磊 Zhao Lei", "cac-tianjin", ("coordinator",)),
    Sample("editor", "孙立新 Sun Lixin", "cac-tianjin", ("editor",)),
    Sample("fujian", "陈榕 Chen Rong", "cac-fujian", ("coordinator",)),
)
