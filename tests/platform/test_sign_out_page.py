"""Signing out."""

from tests.pages import People


def test_it_ends_the_session(people: People) -> None:
    people.ana.get("/lots/")
    answer = people.ana.post("/sign-out/", {})
    assert (answer.status_code, answer["Location"]) == (303, "/sign-in/")
    assert people.ana.client.get("/lots/").status_code == 302


def test_a_link_signs_nobody_out(people: People) -> None:
    assert people.ana.client.get("/sign-out/").status_code == 405
    people.ana.get("/lots/")


def test_a_stranger_is_sent_to_sign_in(people: People) -> None:
    assert people.nobody.post("/sign-out/", {})["Location"].startswith("/sign-in/")
