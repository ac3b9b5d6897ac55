"""What an organisation and a part of it are called together."""

import pytest

from madoguchi.institutions.naming import of_part


@pytest.mark.parametrize(
    ("organisation", "part", "together"),
    [
        ("みほん商工会", "", "みほん商工会"),
        ("みほん商工会", "経営の窓口", "みほん商工会 経営の窓口"),
        ("みほん県|よろず拠点", "みほん県|よろず拠点", "みほん県|よろず拠点"),
        ("みほん県よろず拠点", "みほん県|よろず拠点 北サテライト", "みほん県|よろず拠点 北サテライト"),
        ("公益財団法人|みほんセンター", "みほんセンター 総合の窓口", "みほんセンター 総合の窓口"),
    ],
)
def test_a_part_that_names_its_organisation_stands_alone(organisation, part, together):
    assert of_part(organisation, part) == together
