"""`madoguchi demo`: only in demo mode, only apart from real people, once."""

import pytest

from madoguchi.accounts.models import User
from madoguchi.consultations.models import Case
from madoguchi.foundation import clock
from tests import minato
from tests.accounts.people import a_person

PACK = str(minato.MINATO)


@pytest.fixture
def demo(run, installed, settings):
    settings.DEMO = True
    return lambda: run("demo", "--pack", PACK, "--site", "https://demo.example.jp")


def test_it_fills_the_region_and_prints_a_link_for_everybody(demo):
    done = demo()
    assert done.code == 0
    assert "架空の 7 人と、3 件の相談を入れました。" in done.out
    assert "相談 みなと（みなと産業支援センター　相談員）" in done.out
    assert "代理 みなと（株式会社みほん　代理人）" in done.out
    assert done.out.count("https://demo.example.jp/demo/") == User.objects.count() + 1


def test_a_second_run_changes_nothing_and_says_so(demo):
    demo()
    done = demo()
    assert "何も変えていません" in done.out
    assert Case.objects.count() == 3


def test_outside_of_demo_mode_it_refuses(demo, settings):
    settings.DEMO = False
    done = demo()
    assert done.code == 1
    assert "MADOGUCHI_DEMO=1" in done.err
    assert not User.objects.exists()


def test_where_real_mail_is_sent_it_refuses(demo, settings):
    settings.IS_MAIL_REAL = True
    assert demo().code == 1
    assert not User.objects.exists()


def test_beside_real_people_it_refuses(demo):
    a_person(at=clock.actual_now())
    done = demo()
    assert done.code == 1
    assert "ほかの人がすでに登録されています" in done.err
    assert User.objects.count() == 1


def test_a_pack_without_a_demonstration_is_told(run, installed, settings, tmp_path):
    settings.DEMO = True
    pack = minato.copied(tmp_path, with_demo=True)
    (pack / "demo.yaml").unlink()
    done = run("demo", "--pack", str(pack))
    assert done.code == 1
    assert "正しい demo.yaml がありません" in done.err
