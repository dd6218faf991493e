// The playground, as a person uses it.
import assert from 'node:assert/strict';
import http from 'node:http';
import { test } from 'node:test';
import { assertAccessible, assertNoOverflow, base, desktop, key, open, phone, picture, until } from './browser.mjs';

const at = '/playground/';
const wrongKey = 'odg_wrong';
const refused = /status of 4(01|29)|status of 502|ERR_FAILED/; // the browser tells of these in its console

// Where no key is filled in, the page finds out that it takes one.
const asksForKey = /status of 401 .*\/graphql$/;

/** Opens the page and enters the key. */
async function enter(options = {}) {
  const opened = await open(at, { expected: asksForKey, ...options });
  await opened.page.getByLabel('API key', { exact: true }).fill(options.key ?? key);
  await opened.page.keyboard.press('Enter');
  if (!options.key) await connected(opened.page);
  return opened;
}

// GraphiQL's tabs hold a button to choose them and one to close them.
const known = [{ rule: 'nested-interactive', within: '.graphiql-tabs' }];

const connected = (page) => page.locator('.state.known').waitFor();
const models = (page, name) =>
  page.evaluate((name) => globalThis.__MONACO?.editor.getModels().find(({ uri }) => uri.path.endsWith(name))?.getValue(), name);
const queryText = (page) => models(page, 'operation.graphql');
const responseText = (page) => models(page, 'response.json');

/** Presses the button and returns the answer that the page shows. */
async function run(page) {
  const [response] = await Promise.all([
    page.waitForResponse((r) => r.url().endsWith('/graphql') && !r.request().postData().includes('__schema')),
    page.getByRole('button', { name: /Execute query/ }).click(),
  ]);
  await response.finished();
  const sent = await response.text();
  const shown = await until('the answer is shown', async () => {
    const text = await responseText(page);
    return text && JSON.stringify(JSON.parse(text)) === JSON.stringify(JSON.parse(sent)) && JSON.parse(text);
  });
  return shown;
}

/** Puts a query in place of what is in the editor. */
async function write(page, text) {
  await page.evaluate((text) => globalThis.__MONACO.editor.getModels().find(({ uri }) => uri.path.endsWith('operation.graphql')).setValue(text), text);
}

const settings = (page) => page.evaluate(() => JSON.parse(document.getElementById('settings').textContent));

test('every example runs and the strip says what it took', async () => {
  const { page, complaints, close } = await enter();
  const { examples } = await settings(page);
  assert.ok(examples.length >= 12);
  for (const example of examples) {
    await page.getByRole('button', { name: example.title }).first().click();
    await until(`${example.name} is in the editor`, async () => (await queryText(page)) === example.query);
    assert.ok(!(await models(page, 'variables.json')).includes('$.'), `${example.name}: the variables are not filled in`);
    const { data, errors, extensions } = await run(page);
    assert.equal(errors, undefined, `${example.name}: ${JSON.stringify(errors)}`);
    for (const [name, value] of Object.entries(data)) {
      assert.ok(value !== null, `${example.name}: ${name} is null`);
      assert.deepEqual(value.userErrors ?? [], [], example.name);
    }
    const strip = await page.locator('.strip').innerText();
    for (const figure of [`Odoo ${extensions.trace.odooCalls} call`, /calls?, [\d.,]+ ms/, /Total [\d.,]+ ms/, /Left [\d,]+/,
      `Cost ${extensions.cost.actualQueryCost.toLocaleString('en')} of ${extensions.cost.requestedQueryCost.toLocaleString('en')}`]) {
      const text = strip.replace(/\s+/g, ' ');
      assert.ok(typeof figure === 'string' ? text.includes(figure) : figure.test(text), `${example.name}: ${figure} is not in "${text}"`);
    }
  }
  assert.deepEqual(complaints, []);
  await close();
});

test('the documentation has the type Partner', async () => {
  const { page, complaints, close } = await enter();
  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
  await page.locator('.graphiql-doc-explorer').getByRole('combobox').fill('Partner');
  await page.getByRole('option', { name: 'Partner', exact: true }).click();
  const docs = page.locator('.graphiql-doc-explorer');
  await docs.getByText('saleOrders', { exact: true }).waitFor();
  assert.match(await docs.innerText(), /Needs the scope partners:read/);
  assert.deepEqual(complaints, []);
  await close();
});

test('a field is completed', async () => {
  const { page, complaints, close } = await enter();
  await write(page, '{ partners { nodes { displayN } } }');
  await page.locator('.graphiql-query-editor .view-lines').click();
  await page.evaluate(() => globalThis.__MONACO.editor.getEditors()[0].setPosition({ lineNumber: 1, column: '{ partners { nodes { displayN'.length + 1 }));
  await until('the suggestion is there', async () => { // the worker may still be reading the schema
    await page.keyboard.press('Control+Space');
    return page.locator('.suggest-widget.visible .monaco-list-row', { hasText: 'displayName' }).first().waitFor({ timeout: 500 }).then(() => true, () => false);
  });
  await page.keyboard.press('Enter');
  await until('the field is completed', async () => (await queryText(page)) === '{ partners { nodes { displayName } } }');
  const { data, errors } = await run(page);
  assert.equal(errors, undefined);
  assert.ok(data.partners.nodes[0].displayName);
  assert.deepEqual(complaints, []);
  await close();
});

test('a wrong key is explained, and a right one mends it', async () => {
  const { page, complaints, close } = await enter({ key: wrongKey, expected: refused });
  const alert = page.locator('#problem');
  await alert.getByText('does not open the gateway').waitFor();
  assert.match(await alert.innerText(), /odoograph keys create[^]*odg_demo/);
  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
  await page.locator('.no-docs').getByText('does not open the gateway').waitFor();
  await assertAccessible(page, known);
  await picture(page, 'wrong-key');
  await page.getByLabel('API key', { exact: true }).fill(key);
  await page.keyboard.press('Tab');
  await connected(page);
  assert.equal(await alert.innerText(), '');
  await page.locator('.graphiql-doc-explorer').getByText('Query', { exact: true }).first().waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

test('the key is kept for the tab, and on the device if so wished', async () => {
  const { page, context, complaints, close } = await enter();
  const kept = () => page.evaluate((key) => ({
    session: sessionStorage.getItem('odoograph.key'), local: localStorage.getItem('odoograph.key'),
    anywhere: JSON.stringify({ ...localStorage }).includes(key),
  }), key);
  // Not by way of the header editor and the history either.
  await page.getByRole('button', { name: 'Headers', exact: true }).click();
  await page.evaluate((key) => globalThis.__MONACO.editor.getModels().find(({ uri }) => uri.path.endsWith('request-headers.json'))
    .setValue(JSON.stringify({ Authorization: `Bearer ${key}` })), key);
  assert.equal((await run(page)).errors, undefined);
  await page.waitForTimeout(700); // GraphiQL stores what changed after half a second
  assert.deepEqual(await kept(), { session: key, local: null, anywhere: false });
  await page.getByLabel('Keep on this device').check();
  assert.deepEqual(await kept(), { session: null, local: key, anywhere: true });
  const other = await open(at, { context });
  await connected(other.page);
  assert.ok(await other.page.getByLabel('Keep on this device').isChecked());
  await page.getByLabel('Keep on this device').uncheck();
  assert.deepEqual(await kept(), { session: key, local: null, anywhere: false });
  assert.deepEqual([...complaints, ...other.complaints], []);
  await close();
});

test('tabs and history outlive a reload', async () => {
  const { page, complaints, close } = await enter();
  await page.getByRole('button', { name: 'Who am I' }).click();
  assert.ok((await run(page)).data.viewer.login);
  await page.waitForTimeout(700);
  await page.reload();
  await connected(page);
  await page.getByRole('tab', { name: 'WhoAmI' }).waitFor();
  assert.equal(await page.getByRole('tab').count(), 2);
  await page.getByRole('button', { name: 'Show History' }).click();
  await page.locator('.graphiql-history').getByText('WhoAmI').first().waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

// What the gateway does not do here by itself, it is made to do between it and the page.
const schemaOnly = (route, answer) => (route.request().postData()?.includes('__schema') ? route.fulfill(answer) : route.fallback());
const json = (status, body, headers = {}) => ({ status, headers, contentType: 'application/json', body: JSON.stringify(body) });

test('what keeps the page from working is told', async () => {
  const { page, complaints, close } = await enter({ expected: refused });
  const alert = page.locator('#problem');
  const routes = [
    [(route) => route.fulfill(json(429, { errors: [{ message: 'Too many requests: 100 a minute are allowed.', extensions: { code: 'RATE_LIMITED' } }] }, { 'Retry-After': '2' })),
      /Too many requests: 100 a minute are allowed\.\s+Try again in 2 seconds\./],
    [(route) => route.abort(), /The gateway does not answer/],
    [(route) => route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad Gateway</h1>' }), /answered with status 502 and no JSON/],
  ];
  for (const [handler, message] of routes) {
    await page.route('**/graphql', handler);
    await page.getByRole('button', { name: /Execute query/ }).click();
    await until(String(message), async () => message.test(await alert.innerText()));
    assert.ok(!(await page.locator('body').innerText()).includes('<h1>'));
    assert.match(await responseText(page), /"message"/);
    await page.unroute('**/graphql');
    await run(page);
    await until('the message goes', async () => (await alert.innerText()) === '');
  }
  assert.deepEqual(complaints, []);
  await close();
});

test('a gateway that comes back is found again', async () => {
  let away = true;
  const { page, complaints, close } = await enter({
    key, expected: refused, prepare: (page) => page.route('**/graphql', (route) => (away ? route.abort() : route.fallback())),
  });
  await page.locator('#problem').getByText('does not answer').waitFor();
  away = false;
  await page.getByRole('button', { name: 'Try now' }).click();
  await connected(page);
  assert.equal(await page.locator('#problem').innerText(), '');
  assert.deepEqual(complaints, []);
  await close();
});

test('a key that may not see the schema runs queries', async () => {
  const answer = json(200, { errors: [{ message: 'Asking for the schema needs the scope `introspection`.', extensions: { code: 'FORBIDDEN' } }] });
  const { page, complaints, close } = await enter({ key, prepare: (page) => page.route('**/graphql', (route) => schemaOnly(route, answer)) });
  await page.locator('.note').getByText('needs the scope').waitFor();
  assert.equal(await page.locator('#problem').innerText(), '');
  assert.ok((await run(page)).data.partners);
  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
  await page.locator('.no-docs').getByText('needs the scope').waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

test('who has no key, where some queries need none, is told what a key is for', async () => {
  const answer = json(200, { errors: [{ message: 'Asking for the schema needs the scope `introspection`.', extensions: { code: 'FORBIDDEN' } }] });
  const { page, complaints, close } = await open(at, { prepare: async (page) => {
    await page.route('**/graphql', (route) => schemaOnly(route, answer));
    await page.route(`**${at}`, async (route) => { // a demo fills in its key
      const response = await route.fetch();
      await route.fulfill({ response, body: (await response.text()).replaceAll(key, '') });
    });
  } });
  await page.locator('.note').getByText('Fill in an API key').waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

test('it works below another path', async (t) => {
  const target = new URL(base);
  const proxy = http.createServer((request, response) => {
    if (!request.url.startsWith('/shop/api/')) return response.writeHead(404).end();
    const headers = { ...request.headers, host: target.host };
    const onward = http.request({ host: target.hostname, port: target.port, method: request.method, path: request.url.slice('/shop/api'.length), headers },
      (answer) => answer.pipe(response.writeHead(answer.statusCode, answer.headers)));
    return request.pipe(onward);
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    proxy.close();
    proxy.closeAllConnections();
  });
  const { page, complaints, close } = await open(`http://127.0.0.1:${proxy.address().port}/shop/api/playground`, { expected: asksForKey });
  await page.getByLabel('API key', { exact: true }).fill(key);
  await page.keyboard.press('Enter');
  await connected(page);
  assert.equal((await run(page)).errors, undefined);
  assert.deepEqual(complaints, []);
  await close();
});

for (const [device, viewport] of Object.entries({ desktop, phone })) {
  test(`${device}, light and dark`, async () => {
    const { page, complaints, close } = await enter({ viewport });
    const look = async (name) => {
      await assertNoOverflow(page);
      await assertAccessible(page, known);
      await picture(page, `${device}-${name}`);
    };
    if (device === 'phone') await page.getByRole('button', { name: 'Show Examples' }).click();
    await page.getByRole('button', { name: 'Orders with lines and products' }).waitFor();
    await look('examples-light');
    await page.getByRole('button', { name: 'Orders with lines and products' }).click();
    assert.ok((await run(page)).data.saleOrders.nodes.length > 0);
    const button = await page.getByRole('button', { name: /Execute query/ }).boundingBox();
    assert.ok(button.x >= 0 && button.y >= 0 && button.x + button.width <= viewport.width && button.y + button.height <= viewport.height, 'the button is out of sight');
    await page.mouse.move(viewport.width / 2, viewport.height - 4); // away from what shows a tooltip
    await look('light');
    await page.emulateMedia({ colorScheme: 'dark' }); // while the page is open
    await page.locator('.monaco-editor.vs-dark').first().waitFor();
    await look('dark');
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.locator('.graphiql-doc-explorer').getByText('Query', { exact: true }).first().waitFor();
    await look('docs-dark');
    await page.getByRole('button', { name: 'Open settings dialog' }).click();
    await look('settings-dark');
    await page.getByRole('button', { name: 'Light', exact: true }).click(); // whatever the system says
    await page.keyboard.press('Escape');
    await page.locator('.monaco-editor.vs').first().waitFor();
    await look('docs-light');
    assert.deepEqual(complaints, []);
    await close();
  });
}
