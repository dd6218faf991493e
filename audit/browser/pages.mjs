// The first page, the GraphQL reference and the frame of the REST reference.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { assertAccessible, assertNoOverflow, base, desktop, key, open, phone, picture, until } from './browser.mjs';

const looks = [desktop, phone].flatMap((viewport) => ['light', 'dark'].map((colorScheme) => ({ viewport, colorScheme })));
const lookOf = ({ viewport, colorScheme }) => `${viewport === phone ? 'phone' : 'desktop'}-${colorScheme}`;
const text = (page, selector) => page.locator(selector).innerText();

/** Opens a page, does something with it, and tells that it did not complain. */
async function on(where, options, use) {
  const opened = await open(where, options);
  try {
    await use(opened.page);
    assert.deepEqual(opened.complaints, []);
  } finally {
    await opened.close();
  }
}

const refused = /status of 40[13]|status of 429/; // of a key: the console tells of that too
/** Empties what the demo filled in. */
const withoutKey = (page) => page.route('**/', async (route) => {
  const answer = await route.fetch();
  await route.fulfill({ response: answer, body: (await answer.text()).replace(/value="[^"]*"/, 'value=""') });
});

test('the first page without a key', () => on('/', { prepare: withoutKey }, async (page) => {
  await until('the state', async () => /Odoo answers/.test(await text(page, '#state')));
  assert.equal(await page.locator('#facts').isVisible(), false);
  assert.match(await text(page, '#curl'), /Bearer YOUR_KEY/);
  assert.doesNotMatch(await text(page, 'main'), /commit|json-|web-session|\b1[4-9]\.\d\b/);
  await page.getByRole('button', { name: 'Show what it may do' }).click();
  assert.match(await text(page, '#why'), /Type an API key/);
}));

test('the first page with a key', () => on('/', { prepare: withoutKey }, async (page) => {
  await page.getByLabel('API key').fill(key);
  await page.keyboard.press('Enter');
  await page.locator('#facts').waitFor();
  const facts = await text(page, '#facts');
  for (const word of ['odoograph', 'reached by', 'requests a minute', 'points of cost']) assert.ok(facts.includes(word), `${word} is not in ${facts}`);
  assert.match(await text(page, '#curl'), /odg_••••/, 'the key is shown');
  assert.equal(await page.evaluate(() => sessionStorage.getItem('odoograph.key')), key);
  assert.equal(await page.evaluate(() => localStorage.getItem('odoograph.key')), null);
  await page.getByLabel('Keep the key on this device').check();
  assert.equal(await page.evaluate(() => localStorage.getItem('odoograph.key')), key);
  await page.reload();
  await page.locator('#facts').waitFor();
}));

test('a wrong key is told so', () => on('/', { expected: refused, prepare: withoutKey }, async (page) => {
  await page.getByLabel('API key').fill('odg_wrong');
  await page.keyboard.press('Enter');
  await until('the message', async () => (await text(page, '#why')).length > 10);
  assert.equal(await page.locator('#facts').isVisible(), false);
}));

test('what is copied works when it is pasted', async () => {
  const { page, context, close } = await open('/');
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByLabel('API key').fill(key);
  const copied = async (name) => {
    await page.getByRole('button', { name }).click();
    await until('the note', async () => /Copied/.test(await text(page, '#copied')));
    return page.evaluate(() => navigator.clipboard.readText());
  };
  const { stdout } = await promisify(execFile)('sh', ['-c', await copied('Copy the shell command')]);
  assert.ok(JSON.parse(stdout).data.viewer.name, stdout);
  const script = (await copied('Copy the JavaScript')).replace('console.log(await answer.json())', 'return answer.json()');
  const answer = await page.evaluate(`(async () => { ${script} })()`);
  assert.ok(answer.data.viewer.name);
  await close();
});

test('every link of the first page leads somewhere', () => on('/', {}, async (page) => {
  const links = await page.locator('main a').evaluateAll((all) => all.map((a) => a.href));
  assert.ok(links.length >= 6);
  for (const link of links) assert.equal((await page.request.get(link)).status(), 200, link);
}));

const reference = '/docs/graphql';
const shown = (page) => page.locator('.member:visible').count();

test('search in the reference', () => on(reference, {}, async (page) => {
  const all = await shown(page);
  assert.ok(all > 1000, `${all} entries`);
  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'find');
  const search = async (words, expected) => {
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(words);
    for (const id of expected) assert.ok(await page.locator(`[id="${id}"]`).isVisible(), `${words} does not show ${id}`);
    const count = await shown(page);
    assert.ok(count > 0 && count < all / 2, `${words} shows ${count}`);
    assert.match(await text(page, '#found'), /\d+ (entry|entries) in \d+ types?/);
  };
  await search('amount total', ['SaleOrder.amountTotal', 'Invoice.amountTotal']); // words of a name
  await search('promised to the customer', ['SaleOrder.promisedDate']); // of a description
  await search('a person would find by typing', ['Query.partners']); // of an argument
  await search('TO_INVOICE', ['SaleInvoiceStatus.TO_INVOICE']); // a value of an enum
  assert.equal(await page.locator('[id="Partner.email"]').isVisible(), false);
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('xyzzy');
  assert.ok(await page.locator('#nothing').isVisible());
  await page.keyboard.press('Escape');
  assert.equal(await shown(page), all);
}));

test('the reference by keyboard', () => on(reference, {}, async (page) => {
  await page.keyboard.press('/');
  await page.keyboard.type('saleorder.lines');
  await page.keyboard.press('Enter');
  assert.equal(new URL(page.url()).hash, '#SaleOrder.lines');
  const focus = () => page.evaluate(() => document.activeElement.hash);
  assert.equal(await focus(), '#SaleOrder.lines');
  await page.keyboard.press('/');
  await page.keyboard.type('signedby');
  await page.keyboard.press('ArrowDown');
  const first = await focus();
  await page.keyboard.press('ArrowDown');
  assert.notEqual(await focus(), first);
  await page.keyboard.press('ArrowUp');
  assert.equal(await focus(), first);
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'find');
}));

test('deep links', () => on(`${reference}#SaleOrder.lines`, {}, async (page) => {
  const top = () => page.locator('[id="SaleOrder.lines"]').evaluate((e) => e.getBoundingClientRect().top);
  await until('the place', async () => { const y = await top(); return y >= 0 && y < 200; });
  await page.locator('#find').fill('country');
  assert.equal(await page.locator('[id="Invoice.dueDate"]').isVisible(), false);
  await page.evaluate(() => { location.hash = '#Invoice.dueDate'; });
  await page.locator('[id="Invoice.dueDate"]').waitFor();
  assert.equal(await page.locator('#find').inputValue(), '');
}));

test('an example leads to the playground', () => on(reference, {}, async (page) => {
  await page.locator('[id="Query.partners"] summary').first().click();
  const link = page.locator('[id="Query.partners"] .example a').first();
  const to = new URL(await link.evaluate((a) => a.href));
  assert.match(to.pathname, /\/playground\/$/);
  assert.match(to.searchParams.get('query'), /^query CompaniesLastChanged \{\n {2}partners\(/);
}));

test('the reference without JavaScript', async () => {
  const { page, close } = await open('/healthz');
  const plain = await page.context().browser().newContext({ javaScriptEnabled: false });
  const still = await plain.newPage();
  await still.goto(new URL(reference, base).href);
  assert.equal(await still.locator('#find').isVisible(), false, 'a search that cannot work is shown');
  assert.ok(await still.locator('[id="SaleOrder.lines"]').isVisible());
  await still.locator('#toc-objects summary').click();
  assert.ok(await still.locator('#toc-objects a').first().isVisible());
  await plain.close();
  await close();
});

test('print', () => on(reference, {}, async (page) => {
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  assert.equal(await page.locator('.side').isVisible(), false);
  assert.equal(await page.locator('.example:not([open])').count(), 0);
  assert.ok(await page.locator('[id="Query.partners"] pre').first().isVisible());
  const specified = page.locator('[id="Date"] a[href^="https"]');
  assert.match(await specified.evaluate((a) => getComputedStyle(a, '::after').content), /href|https/);
  const bytes = (await page.pdf({ format: 'A4' })).length;
  assert.ok(bytes > 100_000, `${bytes} bytes`);
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  assert.equal(await page.locator('.example[open]').count(), 0);
}));

for (const look of looks) {
  // The whole reference takes axe a while; what a search finds of it has all the same parts.
  const whole = lookOf(look) === 'desktop-light';
  const see = (name, where, ready, known) => test(`${name} looks, ${lookOf(look)}`, () => on(where, look, async (page) => {
    await ready(page);
    await assertNoOverflow(page);
    await picture(page, `${name}-${lookOf(look)}`);
    if (known) await assertAccessible(page, known);
  }));
  see('landing', '/', (page) => page.locator('#facts').waitFor(), []);
  see('reference', reference, (page) => page.locator('#find').waitFor(), whole && []);
  see('reference-type', `${reference}#SaleOrder`, (page) => page.locator('#find').waitFor(), false);
  see('reference-search', reference, (page) => page.locator('#find').fill('partners'), []);
  see('rest', '/api/v1/docs/', async (page) => {
    await page.locator('.opblock').first().waitFor();
    await page.locator('#operations-Countries-getCountry button.opblock-summary-control').click();
    await page.locator('.parameters').first().waitFor();
    // Swagger UI puts a link into the button that opens a route: only it could mend that.
  }, [{ rule: 'nested-interactive', within: '.opblock-summary-control' }]);
}
