from pathlib import Path

import pytest

from culturalign.errors import UserError
from culturalign.files.large_losses import refuse_losses
from culturalign.files.ledger import Account

SAMPLES = {"faulty": ["a", "b", "c", "d"]}


def refuse(faulty, kept=79, filtered=1000):
    account = Account(
        "rows", faulty + kept + filtered, kept, {"filtered": filtered, "faulty": faulty}
    )
    refuse_losses(account, {"faulty": "a wrong column?"}, SAMPLES, Path("x.csv"), most=0.2)


def test_a_loss_above_the_share_of_those_not_filtered_is_refused_with_three_samples():
    with pytest.raises(UserError) as caught:
        refuse(21)
    assert str(caught.value) == (
        "x.csv: 21 of 100 rows (21%) are dropped: faulty (a; b; c); a wrong column? "
        "Or raise data.most_dropped (0.2)"
    )


def test_a_loss_of_the_share_itself_is_kept_and_so_is_nothing():
    refuse(20, kept=80)
    refuse(0, kept=0)


@pytest.mark.parametrize(("faulty", "offered"), [(89, True), (90, False), (100, False)])
def test_where_nearly_all_is_lost_a_higher_limit_is_not_offered(faulty, offered):
    with pytest.raises(UserError, match=f"{faulty} of 100 rows") as caught:
        refuse(faulty, kept=100 - faulty)
    assert str(caught.value).endswith("a wrong column?") is not offered
