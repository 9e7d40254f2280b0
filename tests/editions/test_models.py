import pytest

from tests.factories.editions import make_edition

pytestmark = pytest.mark.django_db


def test_chance_begins_with_the_same_number_on_every_server(cast):
    first, second = (make_edition(slug=slug, owner=cast.national_unit) for slug in ("cn-2027", "cn-2028"))
    assert (first.seed, second.seed) == (119_089_245, 2_544_252_364)
