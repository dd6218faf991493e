// Drives the example page of the tutorial (examples/orders) in Chromium, against a
// demo on another origin, and checks what a person sees. It also checks that the
// tutorial's code is the page's code, and that each step of it runs.
//
// ODOOGRAPH names the program; without it, it is built. Pictures go to
// ODOOGRAPH_SCREENSHOTS. The page is on an origin of its own and asks another, which the
// other checks forbid: so this one has a browser of its own.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const root = fileURLToPath(new URL("../..", import.meta.url));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };
const work = mkdtempSync(join(tmpdir(), "examples-"));
const page = (name) => readFileSync(join(root, "examples/orders", name), "utf8");

// blocks returns the fenced blocks of a language in a document.
function blocks(document, language) {
  return [...document.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map((match) => match[1]);
}

const steps = blocks(readFileSync(join(root, "docs/tutorial.md"), "utf8"), "js");
let script = page("app.js"); // what the server gives as app.js

// serve serves the page's folder on an origin of its own, as any file server does.
async function serve() {
  const server = createServer((request, response) => {
    const name = request.url === "/" ? "index.html" : request.url.slice(1);
    if (!["index.html", "app.js", "style.css"].includes(name)) return response.writeHead(404).end();
    response.writeHead(200, { "Content-Type": types[extname(name)], "Cache-Control": "no-store" });
    response.end(name === "app.js" ? script : page(name));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

// demo starts a gateway that lets pages of an origin use it.
async function demo(origin, ...flags) {
  const child = spawn(program, ["demo", "--addr", "127.0.0.1:0", "--log-format", "json", "--cors-origins", origin, ...flags], { stdio: ["ignore", "ignore", "pipe"] });
  const base = await new Promise((found, failed) => {
    let log = "";
    child.stderr.on("data", (text) => {
      log += text;
      const match = log.match(/"graphql":"(http:[^"]*)\/graphql"/);
      if (match) found(match[1]);
    });
    child.on("exit", () => failed(new Error(`the demo ended: ${log}`)));
  });
  child.removeAllListeners("exit");
  process.on("exit", () => child.kill()); // however this one ends
  return { base, close: () => child.kill() };
}

let program = process.env.ODOOGRAPH;
if (!program) {
  program = join(work, "odoograph");
  execFileSync("go", ["build", "-o", program, "."], { cwd: root });
}
const files = await serve();
const gateway = await demo(files.origin, "--rate-limit", "100000");
const narrow = await demo(files.origin, "--rate-limit", "2");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

after(async () => {
  await browser.close();
  gateway.close();
  narrow.close();
  files.close();
  rmSync(work, { recursive: true });
});

// open opens the page in a fresh browser profile. Errors of its script fail the check.
async function open(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1000, height: 800 }, ...options });
  const tab = await context.newPage();
  tab.setDefaultTimeout(10_000);
  tab.faults = [];
  tab.on("pageerror", (error) => tab.faults.push(error.message));
  await context.route((url) => url.hostname !== "127.0.0.1", (route) => {
    tab.faults.push(`asks another host: ${route.request().url()}`);
    route.abort();
  });
  await tab.goto(files.origin);
  return tab;
}

async function connect(tab, base = gateway.base, key = "odg_demo") {
  await tab.getByLabel("Gateway").fill(base);
  await tab.getByLabel("API key").fill(key);
  await tab.getByRole("button", { name: "Connect" }).click();
}

const orders = (tab) => tab.locator("#orders li");
const shows = (tab, text) => tab.getByText(text).first().waitFor();
const count = (tab, n) => tab.waitForFunction((n) => document.querySelectorAll("#orders li").length === n, n);

async function accessible(tab, what) {
  await tab.evaluate(axe);
  const { violations } = await tab.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] }));
  assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes[0].target}`), [], `axe-core, ${what}`);
}

async function shot(tab, name) {
  const folder = process.env.ODOOGRAPH_SCREENSHOTS;
  if (folder) await tab.screenshot({ path: join(folder, `example-${name}.png`) });
}

async function openOrder(tab, name) {
  await tab.getByLabel("Search").fill(name);
  await tab.getByRole("button", { name: "Find" }).click();
  await count(tab, 1);
  await tab.getByRole("button", { name: new RegExp(name) }).click();
  await tab.getByRole("dialog", { name }).waitFor();
}

const reference = (tab) => tab.getByLabel("Customer's reference");
const saveIt = (tab) => tab.getByRole("button", { name: "Save" }).click();

const checks = {
  "the tutorial's code is the page's": async () => {
    assert.equal(steps.join("\n"), page("app.js"));
    const [html] = blocks(readFileSync(join(root, "docs/tutorial.md"), "utf8"), "html");
    assert.equal(html, page("index.html"));
  },

  "each step of the tutorial runs": async () => {
    for (let n = 1; n <= steps.length; n++) {
      script = steps.slice(0, n).join("\n");
      const tab = await open();
      await connect(tab);
      await shows(tab, "Connected as");
      if (n >= 2) await count(tab, 10);
      assert.deepEqual(tab.faults, [], `step ${n}`);
      await tab.context().close();
    }
    script = page("app.js");
  },

  "orders are listed, the next ones on demand, each once": async (tab) => {
    await connect(tab);
    await count(tab, 10);
    await shows(tab, "25 found");
    await tab.getByRole("button", { name: "Load more" }).dblclick();
    await count(tab, 20);
    await tab.getByRole("button", { name: "Load more" }).click();
    await count(tab, 25);
    await tab.getByRole("button", { name: "Load more" }).waitFor({ state: "hidden" });
    const names = await tab.locator("#orders .name").allTextContents();
    assert.equal(new Set(names).size, 25);
  },

  "they are searched, and filtered by state": async (tab) => {
    await connect(tab);
    await count(tab, 10);
    await tab.getByLabel("State").selectOption("Cancelled");
    await tab.getByRole("button", { name: "Find" }).click();
    await count(tab, 2);
    assert.deepEqual(await tab.locator("#orders .state").allTextContents(), ["Cancelled", "Cancelled"]);
    await tab.getByLabel("State").selectOption("All");
    await tab.getByLabel("Search").fill("S00013");
    await tab.keyboard.press("Enter");
    await count(tab, 1);
    await shows(tab, "Cascade Outfitters");
    await shows(tab, "$1,240.00");
    await tab.getByLabel("Search").fill("no such order");
    await tab.keyboard.press("Enter");
    await shows(tab, "0 found");
    assert.equal(await orders(tab).count(), 0);
  },

  "an order opens with its lines, by keyboard, and closes": async (tab) => {
    await connect(tab);
    await count(tab, 10);
    await tab.locator("#orders button").first().focus();
    await tab.keyboard.press("Enter");
    await tab.getByRole("dialog").waitFor();
    assert.ok(await tab.locator("#lines tr").count() > 0);
    await tab.keyboard.press("Escape");
    await tab.getByRole("dialog").waitFor({ state: "hidden" });
  },

  "a change whose answer is lost is made once": async (tab) => {
    await connect(tab);
    await openOrder(tab, "S00001");
    const keys = [], replayed = [];
    await tab.route("**/graphql", async (route) => {
      const key = route.request().headers()["idempotency-key"];
      if (!key || route.request().method() !== "POST") return route.continue();
      keys.push(key);
      const answer = await route.fetch();
      replayed.push(answer.headers()["idempotency-replayed"]);
      return keys.length === 1 ? route.abort() : route.fulfill({ response: answer }); // the first is lost after Odoo has it
    });
    await reference(tab).fill("PO 4711");
    await saveIt(tab);
    await shows(tab, "The gateway cannot be reached");
    await saveIt(tab);
    await shows(tab, "Saved.");
    assert.deepEqual(replayed, [undefined, "true"]);
    assert.equal(keys[0], keys[1]);
  },

  "a change of what somebody else changed is refused": async (tab) => {
    await connect(tab);
    await openOrder(tab, "S00002");
    const other = await open();
    await connect(other);
    await openOrder(other, "S00002");
    await reference(other).fill("from the other tab");
    await saveIt(other);
    await shows(other, "Saved.");
    await other.context().close();
    await reference(tab).fill("from this tab");
    await saveIt(tab);
    await shows(tab, "Somebody else changed this order meanwhile.");
    await tab.getByRole("button", { name: "Close" }).click();
    await tab.getByRole("button", { name: /S00002/ }).click();
    await tab.waitForFunction(() => document.querySelector("[name=reference]").value === "from the other tab");
  },

  "a wrong key is told, and the page recovers": async (tab) => {
    await connect(tab, gateway.base, "odg_wrong");
    await shows(tab, "This API key is not valid.");
    assert.equal(await tab.evaluate(() => document.activeElement.name), "key");
    await connect(tab);
    await count(tab, 10);
    assert.equal(await tab.locator("#message").textContent(), "");
  },

  "a limit is told, with when to come again": async (tab) => {
    await connect(tab, narrow.base);
    await count(tab, 10);
    await tab.getByRole("button", { name: "Load more" }).click();
    await tab.getByText(/That was too much at once\. Try again in \d+ seconds\./).waitFor();
    await tab.getByRole("button", { name: "Try again" }).waitFor();
  },

  "a gateway that is away is told, and tried again on demand": async (tab) => {
    await connect(tab);
    await count(tab, 10);
    await tab.route("**/graphql", (route) => route.abort());
    await tab.getByRole("button", { name: "Load more" }).click();
    await shows(tab, "The gateway cannot be reached");
    await tab.unroute("**/graphql");
    await tab.getByRole("button", { name: "Try again" }).click();
    await count(tab, 20);
    await tab.getByRole("button", { name: "Try again" }).waitFor({ state: "hidden" });
  },
};

for (const scheme of ["light", "dark"]) {
  for (const width of [1000, 360]) {
    checks[`it is accessible and fits: ${scheme}, ${width} px`] = async () => {
      const tab = await open({ colorScheme: scheme, viewport: { width, height: 800 } });
      const fits = async (what) => {
        await accessible(tab, what);
        assert.ok(await tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${what} is wider than the window`);
        await shot(tab, `${what}-${scheme}-${width}`);
      };
      await fits("sign-in");
      await connect(tab);
      await count(tab, 10);
      await fits("orders");
      await openOrder(tab, "S00007");
      await fits("order");
      await tab.context().close();
    };
  }
}

for (const [name, check] of Object.entries(checks)) {
  test(name, async () => {
    const tab = check.length > 0 ? await open() : null;
    await check(tab);
    assert.deepEqual(tab?.faults ?? [], []);
    await tab?.context().close();
  });
}
