"""What keeps the reserve in order: suppliers, rotation policies, one's own password."""


def test_a_supplier_is_added_and_taken_out_of_use(enter):
    pia = enter("pia")
    pia.opens("/suppliers/")
    pia.follows("Add a supplier", to="supplier-new")
    pia.fills({"Code": "IREL", "Name": "Indian Rare Earths", "Country": "IN"})
    pia.sends("Add", to="supplier", says="Added supplier IREL.")
    pia.follows("Edit", to="supplier-edit")
    pia.fills({"In use": False})
    pia.sends("Save", to="supplier", says="Changed supplier IREL.")
    pia.sees("Out of use")


def test_a_rotation_policy_counts_once_a_second_manager_approves(enter):
    dee, eve = enter("dee", theme="dark"), enter("eve")
    dee.opens("/rotation/")
    dee.follows("Policies", to="rotation-policies")
    form = dee.main.locator("form").filter(has=dee.page.get_by_role("button", name="Propose"))
    dee.fills({"Material": "NdFeB magnet block", "Source": "DoDM 4140.27"}, within=form)
    dee.fills({"What makes a lot due": "expiry", "Method": "replace", "Work begins ahead": "6"}, within=form)
    dee.sends("Propose", to="rotation-policies", says="Proposed. It counts once another manager approves it.")
    eve.opens("/requests/")
    eve.follows("Rotation policy", to="request")
    eve.sees("NdFeB magnet block", within=eve.panel("Policy"))
    eve.sends("Agree", to="request", says="You agreed, and it was done.")
    dee.opens("/rotation/policies/")
    dee.sees("In force", within=dee.row("NdFeB magnet block"))


def test_a_password_is_changed_and_the_old_one_no_longer_opens(enter):
    cem = enter("cem", width=390, refusals=(422,))
    cem.opens("/change-password/")
    cem.fills({"Present password": "correct horse battery staple"})
    cem.fills({"New password": "seven magnets in a crate", "New password, again": "seven magnets in a crate"})
    cem.sends("Change password", to="desk", says="Your password is changed.")
    cem.signs_out()
    cem.fills({"User name": "cem", "Password": "correct horse battery staple"})
    cem.is_refused("Sign in", "do not fit")
    cem.fills({"User name": "cem", "Password": "seven magnets in a crate"})
    cem.presses("Sign in")
    cem.arrives("desk")
