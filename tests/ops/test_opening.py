"""`madoguchi api-key`: a key is shown once, listed without itself, and revoked."""

from madoguchi.opendata import keys


def test_a_key_is_made_shown_once_and_revoked(db, run):
    made = run("api-key", "make", "新聞社のサイト")
    key = made.out.split()[-1]
    number = keys.known(key)
    assert number is not None
    listed = run("api-key", "list").out
    assert "新聞社のサイト" in listed
    assert key not in listed
    assert run("api-key", "revoke", str(number)).code == 0
    assert keys.known(key) is None
    assert "取り消し" in run("api-key", "list").out
    assert run("api-key", "revoke", str(number)).code == 1
