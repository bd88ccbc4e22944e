// Drives Debian's Chromium for the tests of this folder: one command a line on stdin, one JSON object a line on stdout.
//
//   node driver.mjs MODULES PROFILE      MODULES: the folder of playwright-core and axe-core; PROFILE: an empty folder
//
// Commands are {"do": NAME, ...}; answers {"ok": RESULT} or {"error": TEXT}. The browser reaches loopback addresses only.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import path from "node:path";

const [modules, profile] = process.argv.slice(2);
const load = createRequire(path.join(modules, "package.json"));
const { chromium } = load("playwright-core");
const axe = load("axe-core");

const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"];
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

let context, page, asked;

// The content of the page as a reader with a phone sees it.
function look() {
  const all = [...document.querySelectorAll("a[href],button,select,input:not([type=hidden])")];
  const targets = all.map((element) => {
    const box = element.getBoundingClientRect();
    return { tag: element.tagName.toLowerCase(), id: element.id, name: element.name ?? "", value: element.value ?? "",
      text: (element.innerText ?? "").trim(), left: box.left, right: box.right, width: box.width, height: box.height };
  });
  const root = document.documentElement;
  return { url: location.href, title: document.title, lang: root.lang, text: document.body.innerText, heading: document.querySelector("h1")?.innerText ?? "",
    scrolls: root.scrollWidth > root.clientWidth, width: root.clientWidth, targets, hrefs: all.filter((e) => e.tagName === "A").map((e) => e.href) };
}

// The styles of the focused element with and without the focus: a difference makes the focus visible.
function focused() {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  return { tag: element.tagName.toLowerCase(), id: element.id, name: element.name ?? "", value: element.value ?? "",
    outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth), colour: style.outlineColor,
    behind: getComputedStyle(element.closest(".card") ?? document.body).backgroundColor,
    inView: box.top >= 0 && box.bottom <= innerHeight };
}

const commands = {
  async open({ url, width = 360, height = 740, scheme = "light", locale = "en-GB", headers = {} }) {
    await page?.close();
    page = await context.newPage();
    asked = [];
    page.on("request", (request) => asked.push({ method: request.method(), url: request.url() }));
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: scheme });
    await page.setExtraHTTPHeaders({ "Accept-Language": locale, ...headers });
    const response = await page.goto(url, { waitUntil: "load" });
    return { status: response.status(), headers: response.headers() };
  },
  async look() { return { ...(await page.evaluate(look)), asked }; },
  async axe() {
    // The policy of the page forbids scripts, so the checks are injected by the browser's protocol.
    await page.evaluate(`${axe.source};0`);
    const found = await page.evaluate((tags) => window.axe.run(document, { runOnly: { type: "tag", values: tags } }), TAGS);
    const short = (rule) => ({ id: rule.id, impact: rule.impact, nodes: rule.nodes.map((n) => `${n.html}: ${n.failureSummary}`) });
    return { violations: found.violations.map(short), incomplete: found.incomplete.map(short), passed: found.passes.map((rule) => rule.id) };
  },
  async press({ key, times = 1 }) { for (let n = 0; n < times; n++) await page.keyboard.press(key); return page.evaluate(focused); },
  async type({ text }) { await page.keyboard.type(text); },
  async choose({ name, label }) { await page.getByRole("combobox", { name, exact: true }).selectOption({ label }); },
  async tap({ name }) { await after(() => page.getByRole("button", { name, exact: true }).click()); },
  async follow({ name }) { await after(() => page.getByRole("link", { name, exact: true }).click()); },
  async enter() { await after(() => page.keyboard.press("Enter")); },
  async stays({ name }) {  // a button that the browser itself must not submit
    await page.getByRole("button", { name, exact: true }).click();
    return page.evaluate(() => ({ invalid: [...document.querySelectorAll(":invalid")].map((e) => e.id).filter(Boolean), focus: document.activeElement.id }));
  },
  async reload() { await page.reload({ waitUntil: "load" }); },
  async roles() { return page.locator("body").ariaSnapshot(); },
  async shot({ file }) { await page.screenshot({ path: file, fullPage: true }); },
};

// Performs an action that loads another page, and waits for that page.
async function after(act) {
  await Promise.all([page.waitForEvent("load"), act()]);
}

context = await chromium.launchPersistentContext(profile, { executablePath: "/usr/bin/chromium", headless: true, args: FLAGS, chromiumSandbox: false, hasTouch: true, isMobile: true });
console.log(JSON.stringify({ ok: context.browser()?.version() ?? "ready" }));
for await (const line of createInterface({ input: process.stdin })) {
  const { do: name, ...given } = JSON.parse(line);
  try {
    console.log(JSON.stringify({ ok: (await commands[name](given)) ?? null }));
  } catch (failure) {
    console.log(JSON.stringify({ error: String(failure.stack ?? failure) }));
  }
}
await context.close();
