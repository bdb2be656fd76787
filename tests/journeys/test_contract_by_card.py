from tests import ways
from tests.factories import a_customer
def test_x(browser, catalog):
    a_customer()
    ways.to_the_form(browser)
    print(browser.text(), browser.url)
    browser.tick(ways.SERVER_TERMS).press("お支払い方法選択へ")
    print(browser.text(), browser.url)
    browser.press("クレジットカード情報入力")
    ways.enter_card(browser, ways.GOOD)
    print(browser.text(), browser.url)
    browser.press("OK")
    print(browser.text(), browser.url)
    browser.follow("サーバー契約・更新", under="メニュー")
    print(browser.text(), browser.url)
