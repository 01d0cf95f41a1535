"""A person at a browser, who notices whatever a page does wrong."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, Response

from tests.journeys.words import squeeze

_TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"
# Said on the console of every page that a reader opens, however they came to it.
_WATCH_WIDTH = f"""addEventListener("load", () => {{
  const excess = {_TOO_WIDE};
  if (excess > 0) console.error(`${{location}} is ${{excess}} pixels too wide`);
}});"""
_HAS_FOCUS = "element => element === document.activeElement"
_SHOWS_FOCUS = """() => {
  let element = document.activeElement;
  while (element && element !== document.body) {
    const style = getComputedStyle(element);
    if (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) return true;
    element = element.parentElement;
  }
  return false;
}"""

_AXE = Axe()


class Reader:
    """One browser's window, and the list of what went wrong in it."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.url = url
        self.problems: list[str] = []
        self.refusals: set[int] = set()
        context.add_init_script(_WATCH_WIDTH)
        self.page: Page = context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.problems.append(f"error in a script: {error}"))
        self.page.on("dialog", lambda dialog: self.problems.append(f"a box opened: {dialog.message}"))
        self.page.on("request", self._see_request)
        self.page.on("response", self._see_response)

    def _hear(self, message: ConsoleMessage) -> None:
        # What could not be loaded, or was refused without a page load, is judged by its status, below.
        judged = ("Failed to load resource", *(f"Response Status Error Code {one} " for one in self.refusals))
        if message.type == "error" and not message.text.startswith(judged):
            self.problems.append(f"console: {message.text}")

    def _see_request(self, request: Request) -> None:
        if not request.url.startswith(f"{self.url}/"):
            self.problems.append(f"left the city: {request.url}")

    def _see_response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.refusals:
            self.problems.append(f"{response.status}: {response.url}")

    def check(self) -> None:
        """Fail on whatever went wrong since the reader arrived."""
        self.page.wait_for_load_state()
        excess = self.page.evaluate(_TOO_WIDE)
        assert not self.problems, "\n".join(self.problems)
        assert excess <= 0, f"{self.page.url} is {excess} pixels too wide"

    def open(self, path: str, *, status: int = 200) -> None:
        """Go to an address of the city's that answers with this status."""
        self.refusals.add(status)
        response = self.page.goto(path)
        assert response is None or response.status == status, f"{path} answered {response.status}"
        self.refusals.discard(status)
        self.check()

    def inspect(self) -> None:
        """Have axe look at the page: nothing that it calls serious or critical."""
        self.page.wait_for_load_state()
        found = _AXE.run(self.page).response["violations"]
        self.problems += [
            f"axe: {self.page.url}: {one['help']} ({one['id']}): {node['html'][:200]}"
            for one in found
            if one["impact"] in {"serious", "critical"}
            for node in one["nodes"]
        ]
        self.check()

    def become(self, name: str) -> None:
        """Take a role of the demonstration."""
        self.open("/compte/role/")
        self.page.locator("li.card", has_text=name).locator("button").click()
        self.page.locator("header .person summary", has_text=name).first.wait_for(state="attached")

    def fill(self, **values: str) -> None:
        """Type into the fields of the page that have these names."""
        for name, value in values.items():
            self.page.locator(f"main [name={name}]").fill(value)

    def press(self, button: str = "main form.stack button") -> None:
        """Send a form by its last button that is found, and wait for the page that answers."""
        with self.page.expect_navigation():
            self.page.locator(button).last.click()
        self.check()

    def follow(self, end: str) -> None:
        """Click the first link of the page whose address ends so: whoever has no link to follow is lost."""
        link = self.page.locator(f"main a[href$='{end}']:visible").first
        with self.page.expect_navigation():
            link.click()
        self.check()

    def ask(self, question: str, *, engine: str = "") -> None:
        """Ask on the page that is open, and wait for the whole answer."""
        self.send(question, engine=engine)
        self.page.locator(".exchange > .said > h2", has_text=question).last.wait_for()

    def send(self, question: str, *, engine: str = "") -> None:
        """Ask on the page that is open, and wait for nothing."""
        if engine:
            self.page.locator("form.ask [name=engine]").select_option(engine)
        self.page.locator("form.ask [name=question]").fill(question)
        self.page.locator("form.ask button.button").click()

    def search(self, words: str) -> None:
        self.open("/documents/recherche/")
        self.page.locator("form.ask [name=q]").fill(words)
        self.page.locator("form.ask button.button").click()
        self.page.locator("#found").wait_for()

    @property
    def answer(self) -> Locator:
        """The answer to the last question."""
        return self.page.locator(".exchange").last

    @property
    def sentences(self) -> list[str]:
        """The sentences of the last answer, without their marks."""
        return [squeeze(text) for text in self.answer.locator(".answer .words").all_inner_texts()]

    @property
    def main(self) -> str:
        """All that the page says under its header."""
        return squeeze(self.page.locator("main").inner_text())

    def add_files(self, collection: str, files: list[Path]) -> None:
        """Add files as a librarian, and follow the import to its end."""
        self.open(f"/documents/collections/{collection}/ajouter/")
        self.page.locator("[name=documents]").set_input_files(files)
        self.page.locator("main form.stack button").click()
        self.page.locator("#progress:not([hx-get])").wait_for()

    def tab_to(self, target: Locator, *, most: int = 40) -> None:
        """Walk there with the keyboard alone; each step on the way shows where one is."""
        for _step in range(most):
            self.page.keyboard.press("Tab")
            assert self.page.evaluate(_SHOWS_FOCUS), "the focus does not show"
            if target.evaluate(_HAS_FOCUS):
                return
        raise AssertionError(f"the keyboard does not reach {target}")
