// A browser that reaches the gateway and nothing else, and complains of what a page
// does wrong by itself.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after } from 'node:test';
import { chromium } from 'playwright-core';

/** The gateway, without a slash at the end, and the key that its pages ask for. */
export const base = (process.env.ODOOGRAPH_PAGE_URL ?? 'http://127.0.0.1:8080').replace(/\/$/, '');
export const key = process.env.ODOOGRAPH_PAGE_KEY ?? 'odg_demo';

export const desktop = { width: 1440, height: 900 };
export const phone = { width: 360, height: 740 };

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync',
    `--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE ${new URL(base).hostname}`, // workers are not routed
  ],
});
after(() => browser.close());

/**
 * Opens a page at a path. `complaints` fills with hosts that it asks for, with what its
 * Content-Security-Policy refuses, with errors in its console and exceptions, but for
 * those that `expected` matches.
 */
export async function open(where, { viewport = desktop, colorScheme = 'light', expected = /^$/, prepare, context: given } = {}) {
  const context = given ?? (await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce', hasTouch: viewport.width < 700 }));
  const complaints = [];
  const complain = (text) => expected.test(text) || complaints.push(text);
  await context.route((url) => url.origin !== new URL(where, base).origin, (route) => {
    complain(`asked for ${route.request().url()}`);
    return route.abort();
  });
  const page = await context.newPage();
  page.on('console', (message) => message.type() === 'error' && complain(`console: ${message.text()} ${message.location().url}`));
  page.on('pageerror', (error) => complain(`exception: ${error.stack}`));
  await page.addInitScript(() => document.addEventListener('securitypolicyviolation', (event) =>
    console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`)));
  await prepare?.(page);
  await page.goto(new URL(where, base).href);
  return { page, context, complaints, close: () => context.close() };
}

/** Waits until something holds. */
export async function until(what, holds, timeout = 10_000) {
  const end = Date.now() + timeout;
  for (;;) {
    const value = await holds();
    if (value) return value;
    if (Date.now() > end) assert.fail(`${what}: not within ${timeout} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Tells that a page is not wider than its window. */
export async function assertNoOverflow(page) {
  const [width, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(width <= window, `the page is ${width} wide in a window of ${window}`);
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Tells that axe-core finds no serious fault, but for those of a rule within a selector
 * that are known: each with the reason why it stays.
 */
export async function assertAccessible(page, known = []) {
  await page.evaluate(axe); // as the browser's tools do, which no policy of the page's concerns
  const found = await page.evaluate(async (known) => {
    const { violations } = await globalThis.axe.run({ resultTypes: ['violations'] });
    const isKnown = (id, [selector]) => known.some(({ rule, within }) => rule === id && document.querySelector(selector)?.closest(within));
    return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').flatMap(({ id, impact, help, nodes }) =>
      nodes.filter(({ target }) => !isKnown(id, target)).map(({ target, failureSummary }) => `${impact} ${id}: ${help}: ${target} ${failureSummary}`));
  }, known);
  assert.deepEqual(found, []);
}

/** Takes a picture. */
export const picture = (page, name) =>
  page.screenshot({ path: path.join(process.env.ODOOGRAPH_SCREENSHOTS ?? '.', `${name}.png`) });
