"""Going through a page with the keyboard alone, as somebody does who has no mouse."""

from playwright.sync_api import Locator, Page, expect

# More than any page of ours has stops.
_MOST_STOPS = 300
_IS_FOCUSED = "element => element === document.activeElement"
# A link, or a button that sends a form; htmx exchanges a part of the page instead.
_LEADS_ON = """element => element.tagName === "A"
    || (element.type === "submit" && !element.closest("[hx-post], [hx-get]"))"""


class Keyboard:
    """The keys of one page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, target: Locator) -> None:
        """Go on with the tab key until the target has the focus."""
        expect(target).to_be_attached()
        for _ in range(_MOST_STOPS):
            if target.evaluate(_IS_FOCUSED):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the tab key does not reach {target} on {self.page.url}")

    def press(self, target: Locator) -> None:
        """Reach a button, a link or a fold, and press Enter; the page it leads to is there afterwards."""
        self.reach(target)
        if target.evaluate(_LEADS_ON):
            with self.page.expect_navigation():
                self.page.keyboard.press("Enter")
        else:
            self.page.keyboard.press("Enter")

    def write(self, target: Locator, text: str) -> None:
        """Reach a field, and type; what stood there is replaced."""
        self.reach(target)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def tick(self, box: Locator) -> None:
        """Tick a box with the space bar."""
        self.reach(box)
        self.page.keyboard.press("Space")
        expect(box).to_be_checked()

    def choose(self, radio: Locator) -> None:
        """Choose one of a group: the tab key reaches the group, the arrows go through it."""
        name = radio.get_attribute("name")
        group = self.page.locator(f'input[type="radio"][name="{name}"]')
        for _ in range(_MOST_STOPS):
            if self.page.evaluate("name => document.activeElement.name === name", name):
                break
            self.page.keyboard.press("Tab")
        self.page.keyboard.press("Space")
        for _ in range(group.count()):
            if radio.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrow keys do not choose {radio} on {self.page.url}")

    def select(self, box: Locator, label: str) -> None:
        """Choose an entry of a list with the arrows."""
        self.reach(box)
        self.page.keyboard.press("Home")
        for _ in range(box.locator("option").count()):
            if box.locator("option:checked").inner_text() == label:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no {label} in {box} on {self.page.url}")
