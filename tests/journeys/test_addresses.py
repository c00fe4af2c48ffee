"""What is on the screen is in its address: it can be sent on, reloaded, and gone back to."""


def test_a_narrowed_list_is_an_address(enter, reserve):
    dee = enter("dee")
    dee.opens("/lots/")
    dee.sees("NdFeB magnet block", "NdPr oxide 99")
    dee.page.get_by_label("Element").select_option("Dy")
    dee.page.wait_for_url("**/lots/?*element=Dy*")
    dee.sees_no("NdPr oxide 99", within=dee.page.locator("#lots"))
    dee.looks()
    eve = enter("eve", theme="dark")
    eve.opens(dee.page.url)
    eve.sees("NdFeB magnet block", within=eve.page.locator("#lots"))
    eve.sees_no("NdPr oxide 99", within=eve.page.locator("#lots"))
    dee.page.go_back()
    dee.sees("NdPr oxide 99", within=dee.page.locator("#lots"))
    dee.looks()


def test_the_position_of_a_day_short_only_is_an_address(enter, reserve):
    dee = enter("dee", theme="dark")
    dee.opens("/position/")
    dee.page.get_by_label("Met or short").select_option("1")
    dee.page.wait_for_url("**/position/?*short=1*")
    dee.sees_no("NdPr oxide 99", within=dee.panel("Targets"))
    dee.follows("Neodymium, oxide", to="position", within=dee.panel("Targets"))
    dee.follows("The target", to="target")
    dee.page.go_back()
    dee.arrives("position")
    dee.sees_no("NdPr oxide 99", within=dee.panel("Targets"))


def test_a_scanned_tag_opens_the_lot(enter, reserve):
    ana = enter("ana", width=390, theme="dark")
    ana.opens("/")
    ana.page.get_by_role("link", name="Scan").click()
    ana.arrives("search")
    ana.scans("Tag of a lot, place or order", reserve.held.lower())
    ana.arrives("lot")
    ana.sees(reserve.held)
    ana.opens("/")
    ana.page.keyboard.press("/")
    ana.page.keyboard.type("neodym")
    ana.page.keyboard.press("Enter")
    ana.arrives("search")
    ana.sees("Neodymium oxide 99.5")
