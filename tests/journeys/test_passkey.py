"""A passkey: set up, used alone, and used after the password, on a device that Chromium plays."""

from tests.journeys.people import Enter, Person

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_device(person: Person) -> str:
    """Give the person's browser a device that holds passkeys and knows its owner's finger."""
    session = person.context.new_cdp_session(person.page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return str(made["authenticatorId"])


def test_a_passkey_signs_in_alone_and_after_the_password(enter: Enter) -> None:
    ana = enter("ana", signed_in=False)
    with_device(ana)
    ana.signs_in()
    ana.opens("/second-factor/")
    ana.follows("Add a passkey", to="second-factor-passkey")
    ana.fills({"Name of this passkey": "Depot phone"})
    ana.presses("Add a passkey")
    ana.sees("Your passkey is set up", "They are shown this once")
    ana.looks()
    ana.follows("I have kept them", to="second-factor")
    ana.sees("Depot phone", "10 codes left")

    ana.signs_out()
    ana.presses("Sign in with a passkey")
    ana.arrives("desk")

    ana.signs_out()
    ana.signs_in(to="sign-in-code")
    ana.presses("Use your passkey")
    ana.arrives("desk")

    ana.opens("/second-factor/")
    ana.follows("Remove Depot phone", to="confirm-password")
    ana.fills({"Password": "correct horse battery staple"})
    ana.presses("Continue")
    ana.arrives("second-factor-remove")
    ana.presses("Remove it")
    ana.arrives("second-factor")
    ana.sees("No second factor yet")
