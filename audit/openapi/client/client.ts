// What a client of the REST API does, in types that were generated from the
// document: it compiles if the document tells of what it uses, and runs if the
// gateway keeps to the document.
import { base, check, client, headers, legacy, stranger, type NewLine, type NewPartner } from './gateway.js';

async function lists() {
  const { data: first, error, response } = await client.GET('/partners', { params: { query: { page: 1, limit: 2, sort: ['name'], fields: ['id', 'name'] } } });
  check(!error, 'the first page', error);
  check(first.data.length === 2 && first.pagination.limit === 2, 'two on a page', first);
  check('pages' in first.pagination && first.pagination.pages === Math.ceil(first.pagination.total / 2), 'pages follow from the total', first.pagination);
  check(first.data.every((partner) => Object.keys(partner).sort().join() === 'id,name'), 'only the fields asked for', first.data);
  check(response.headers.has('RateLimit') && response.headers.has('X-Request-Id'), 'headers that the document tells of', [...response.headers]);

  const { data: second } = await client.GET('/partners', { params: { query: { page: 2, limit: 2, sort: ['name'] } } });
  check(second !== undefined && second.data.every((partner) => first.data.every((before) => before.id !== partner.id)), 'the second page is another', second);

  const name = first.data[0]?.name ?? '';
  const { data: found } = await client.GET('/partners', { params: { query: { name__contains: name.slice(0, 3), sort: ['-name'] } } });
  const names = found?.data.map((partner) => partner.name ?? '') ?? [];
  check(names.includes(name) && names.every((one) => one.toLowerCase().includes(name.slice(0, 3).toLowerCase())), 'the filter holds', name, names);

  const { data: byOldKey } = await legacy.GET('/partners', { params: { query: { limit: 1 } } });
  check(byOldKey?.data.length === 1, 'Authorization: ApiKey', byOldKey);
}

async function walks() {
  const seen: number[] = [];
  let total = 0;
  for (let next: string | undefined = `${base}/api/v1/partners?limit=25&fields=id&sort=name`; next; ) {
    const response: Response = await fetch(next, { headers });
    check(response.ok, 'a page of the walk', next, response.status);
    const page = await response.json();
    seen.push(...page.data.map((partner: { id: number }) => partner.id));
    total = page.pagination.total;
    const link: string | undefined = /<([^>]*)>;\s*rel="?next"?/.exec(response.headers.get('Link') ?? '')?.[1];
    check(link === undefined || page.data.length > 0, 'the walk gets on', next);
    next = link && new URL(link, next).href;
  }
  check(seen.length === total && new Set(seen).size === total, 'the walk meets each once', seen.length, total);

  const met = await from('');
  check(met.length === total && new Set(met).size === total, 'the walk by cursor meets each once', met.length, total);

  const { data: csv, response } = await client.GET('/partners', { params: { query: { limit: 3, fields: ['id', 'name'] } }, headers: { Accept: 'text/csv' }, parseAs: 'text' });
  check(response.headers.get('Content-Type')?.startsWith('text/csv') ?? false, 'CSV', response.headers.get('Content-Type'));
  check(String(csv).trimEnd().split(/\r\n/)[0] === 'id,name', 'the head of CSV', csv);
  const { data: lines } = await client.GET('/partners', { params: { query: { limit: 3 } }, headers: { Accept: 'application/x-ndjson' }, parseAs: 'text' });
  check(String(lines).trimEnd().split('\n').every((line) => JSON.parse(line).id > 0), 'NDJSON', lines);
}

/** The ids of the partners from a cursor on. */
async function from(cursor: string): Promise<number[]> {
  const { data: page, error } = await client.GET('/partners', { params: { query: { cursor, limit: 25, fields: ['id'] } } });
  check(page !== undefined && 'next' in page.pagination, 'a page by cursor', page, error);
  const ids = page.data.map((partner) => partner.id ?? 0);
  return page.pagination.next === null ? ids : [...ids, ...(await from(page.pagination.next))];
}

async function changes() {
  const header = { 'Idempotency-Key': crypto.randomUUID() };
  const reference = `TC-${header['Idempotency-Key'].slice(0, 8)}`;
  const body: NewPartner = { name: 'Typed client', reference, country: { code: 'BE' } };
  const { data: created, error, response } = await client.POST('/partners', { params: { header }, body });
  const id = created?.data?.id;
  check(id !== undefined && response.status === 201, 'a partner is created', created, error, response.status);
  check(response.headers.get('Location') === `/api/v1/partners/${id}`, 'its place is told', response.headers.get('Location'));
  const { data: again } = await client.POST('/partners', { params: { header }, body });
  check(again?.data?.id === id, 'once by one key', created, again);

  const path = { id };
  const { data: got, response: read } = await client.GET('/partners/{id}', { params: { path } });
  const tag = read.headers.get('ETag');
  check(got !== undefined && got.data.name === body.name && got.data.country?.id !== undefined && tag !== null, 'it is read with its tag', got, tag);
  const { response: same } = await client.GET('/partners/{id}', { params: { path, header: { 'If-None-Match': tag } } });
  check(same.status === 304, 'it has not changed', same.status);

  const phone = '+32 9 000 00 00';
  const { data: patched, error: refused } = await client.PATCH('/partners/{id}', { params: { path, header: { 'If-Match': tag } }, body: { phone } });
  check(patched?.data?.phone === phone && patched.data.name === body.name, 'it is changed', patched, refused);
  const { error: late, response: stale } = await client.PATCH('/partners/{id}', { params: { path, header: { 'If-Match': tag } }, body: { phone: null } });
  check(stale.status === 412 && late !== undefined && late.error !== '', 'its old tag does not hold', stale.status, late);
  const { data: archived } = await client.POST('/partners/{id}/archive', { params: { path } });
  check(archived?.data?.active === false, 'it is archived', archived);
  const { data: back } = await client.POST('/partners/{id}/unarchive', { params: { path }, body: {} });
  check(back?.data?.active === true, 'it is back', back);
  return reference;
}

async function sells(reference: string) {
  const { data: products } = await client.GET('/products', { params: { query: { limit: 1, fields: ['id'] } } });
  const product = products?.data[0]?.id;
  check(product !== undefined, 'there is a product', products);
  const lines: NewLine[] = [{ product: { id: product }, quantity: '2' }, { display_type: 'note', name: 'Typed' }];
  const { data: order, error } = await client.POST('/sale_orders', { body: { partner: { reference }, lines } });
  const id = order?.data?.id;
  check(id !== undefined && order?.data?.state === 'draft' && order.data.lines?.length === 2, 'an order is created', order, error);
  check(typeof order.data.amount_total === 'string', 'money is a string', order.data);
  const { data: confirmed } = await client.POST('/sale_orders/{id}/confirm', { params: { path: { id } } });
  check(confirmed?.data?.state === 'sale', 'it is confirmed', confirmed);
  const { data: sold } = await client.GET('/sale_orders', { params: { query: { state__in: ['sale', 'sent'], sort: ['state', '-id'], limit: 100 } } });
  const states = sold?.data.map((one) => one.state);
  check(states !== undefined && states.includes('sale') && states.every((one) => one === 'sale' || one === 'sent'), 'states as one list', states);
  const { data: seen } = await client.GET('/sale_orders/{id}', { params: { path: { id }, query: { fields: ['partner.name', 'lines.quantity'] } } });
  check(seen !== undefined && seen.data.partner?.name === 'Typed client' && seen.data.lines?.[0]?.quantity === '2', 'members of members', seen);
}

async function errors() {
  const { error: invalid, response } = await client.GET('/partners', { params: { query: { limit: 1000 } } });
  check(response.status === 400 && invalid?.code === 'VALIDATION_ERROR', 'too large a page', response.status, invalid);
  check(invalid.fields?.[0]?.field === 'limit' && invalid.request_id !== '', 'the parameter is named', invalid);
  const { error: absent } = await client.GET('/partners/{id}', { params: { path: { id: 2147483647 } } });
  check(absent?.code === 'NOT_FOUND', 'no such partner', absent);
  const { error: unnamed, response: refused } = await client.POST('/partners', { body: { name: '' } });
  check(refused.status === 400 && unnamed?.fields?.[0]?.field === 'name', 'a name is needed', refused.status, unnamed);
  const { error: unknown } = await stranger.GET('/partners');
  check(unknown?.code === 'UNAUTHORIZED', 'a wrong key', unknown);
}

for (const step of [lists, walks, async () => sells(await changes()), errors]) await step();
console.log('pass  a typed client of the REST API');
