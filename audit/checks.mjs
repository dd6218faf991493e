// The attacks of the list in security.mjs: each returns true, or says what is wrong.
import net from 'node:net';
import { createHash } from 'node:crypto';
import { buildClientSchema, getIntrospectionQuery } from 'graphql';
import { query, send, url } from './gateway.mjs';

const codes = (answer) => (answer.json?.errors ?? []).map((error) => error.extensions?.code);

/** The answer is refused with this code, fast, and is small. */
function refused(answer, code, status) {
  if (codes(answer)[0] !== code) return `code ${codes(answer)[0]}, not ${code}: ${answer.status} ${answer.text.slice(0, 200)}`;
  if (status && answer.status !== status) return `status ${answer.status}, not ${status}`;
  if ('data' in answer.json) return 'there is a data entry';
  if (answer.ms > 1000) return `it took ${Math.round(answer.ms)} ms`;
  return answer.text.length < 10_000 || `${answer.text.length} bytes`;
}

const times = (n, part) => Array.from({ length: n }, (_, i) => (typeof part === 'function' ? part(i) : part)).join(' ');
const hashed = (text, hash) => ({
  body: JSON.stringify({ query: text, extensions: { persistedQuery: { version: 1, sha256Hash: hash } } }),
});
const sha256 = (text) => createHash('sha256').update(text).digest('hex');

/** Writes bytes to the gateway and returns what came back until it closed. */
function raw(text, { wait = 20_000 } = {}) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const start = performance.now();
    let out = '';
    const done = (closed) => resolve({ text: out, closed, ms: performance.now() - start });
    const socket = net.connect(Number(port), hostname, () => socket.write(text));
    socket.setTimeout(wait, () => { socket.destroy(); done(false); });
    socket.on('data', (chunk) => { out += chunk; });
    socket.on('error', () => done(true));
    socket.on('close', () => done(true));
  });
}

/** What a browser sends without asking first must not reach an operation. */
const simple = async (type, body) =>
  refused(await send({ headers: { 'content-type': type, 'content-length': Buffer.byteLength(body) }, body }), 'UNSUPPORTED_MEDIA_TYPE', 415);

const documentChecks = {
  'alias overloading: 101 aliases': async () => refused(await query(`{ ${times(101, (i) => `a${i}: __typename`)} }`), 'QUERY_TOO_COMPLEX'),
  'directive overloading: 51 directives': async () => refused(await query(`{ __typename ${times(51, '@skip(if: false)')} }`), 'QUERY_TOO_COMPLEX'),
  'directive overloading: unknown directives': async () => refused(await query(`{ __typename ${times(51, '@aa')} }`), 'QUERY_TOO_COMPLEX'),
  'field duplication: 500 times': async () => refused(await query(`{ ${times(500, '__typename')} }`), 'QUERY_TOO_COMPLEX'),
  'field duplication: 8000 times': async () => refused(await query(`{ ${times(8000, '__typename')} }`), 'QUERY_TOO_COMPLEX'),
  'duplication of what has selections': async () => refused(await query(`{ ${times(300, '__schema { queryType { name } }')} }`), 'QUERY_TOO_COMPLEX'),
  'circular introspection': async () =>
    refused(await query('{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }'), 'GRAPHQL_VALIDATION_FAILED'),
  'tokens: 2001': async () => refused(await query(`{ ${times(1999, 'a')} }`), 'QUERY_TOO_COMPLEX'),
  'depth: 25': async () => refused(await query(`{ partner(databaseId: 1) ${times(25, '{ parent')} { id } ${times(25, '}')} }`), 'QUERY_TOO_COMPLEX'),
  'depth: 300,000 braces': async () => refused(await query('{a'.repeat(300_000)), 'QUERY_TOO_COMPLEX'),
  'depth: 300,000 brackets': async () => refused(await query(`{ a(b: ${'['.repeat(300_000)}`), 'QUERY_TOO_COMPLEX'),
  'fragment bomb: 2^24 fields': async () =>
    refused(await query(`{ partner(databaseId: 1) { ...F0 } } ${times(24, (i) => `fragment F${i} on Partner { parent { ...F${i + 1} } commercialPartner { ...F${i + 1} } }`)} fragment F24 on Partner { id }`), 'QUERY_TOO_COMPLEX'),
  'fragment cycle': async () => refused(await query('{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }'), 'GRAPHQL_VALIDATION_FAILED'),
  'root fields: 25': async () => refused(await query(`{ ${times(25, (i) => `a${i}: viewer { id }`)} }`), 'QUERY_TOO_COMPLEX'),
  'a long alias': async () => refused(await query(`{ ${'a'.repeat(5000)}: __typename }`), 'QUERY_TOO_COMPLEX'),
  'error amplification: 900 unknown fields': async () => {
    const answer = await query(`{ ${times(900, (i) => `nope${i}`)} }`);
    const list = answer.json.errors ?? [];
    return (list.length > 0 && list.length <= 10 && answer.text.length < 8000) || `${list.length} errors, ${answer.text.length} bytes`;
  },
  'list amplification: lists of lists': async () => {
    const answer = await query('{ partners { nodes { contacts { nodes { contacts { nodes { contacts { nodes { contacts { nodes { id } } } } } } } } } } }');
    return (answer.ms < 5000 && answer.text.length < 5_000_000) || `${Math.round(answer.ms)} ms, ${answer.text.length} bytes`;
  },
  'list amplification: 5000 ids': async () => {
    const answer = await query('query($ids: [ID!]!) { nodes(ids: $ids) { id } }', { variables: { ids: Array(5000).fill('x') } });
    return codes(answer)[0] === 'BAD_USER_INPUT' || answer.text.slice(0, 200);
  },
  'list amplification: a page of 5000': async () => codes(await query('{ partners(first: 5000) { nodes { id } } }'))[0] === 'BAD_USER_INPUT',
  'Int beyond 32 bits': async () => codes(await query('{ partner(databaseId: 2147483648) { id } }'))[0] === 'BAD_USER_INPUT',
  'Int beyond 64 bits': async () => codes(await query('query($n: Int!) { partner(databaseId: $n) { id } }', { variables: { n: 1e30 } }))[0] === 'BAD_USER_INPUT',
  '@defer loses nothing': async () => refused(await query('{ ... @defer { __typename } }'), 'GRAPHQL_VALIDATION_FAILED'),
};

const transportChecks = {
  'array batching': async () => refused(await send({ body: `[${times(10, '{"query": "{ __typename }"},')}{"query": "{ __typename }"}]` }), 'BAD_USER_INPUT', 400),
  'mutation over GET': async () => {
    const answer = await send({ method: 'GET', path: '?query=mutation%7B__typename%7D' });
    return (codes(answer).length > 0 && !answer.json.data) || answer.text;
  },
  'POST of a form': () => simple('application/x-www-form-urlencoded', 'query=%7B__typename%7D'),
  'POST of text': () => simple('text/plain', '{"query": "{ __typename }"}'),
  'POST of parts': () => simple('multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n{"query": "{ __typename }"}\r\n--x--\r\n'),
  'a query over GET from a web page': async () => {
    const answer = await send({ method: 'GET', path: '?query=%7B__typename%7D', headers: { origin: 'https://evil.example' } });
    return !answer.headers['access-control-allow-origin'] || 'any web page may read the answer';
  },
  'trace mode': async () => {
    const answer = await query('{ __typename }', {}, { 'x-apollo-tracing': '1', 'apollo-federation-include-trace': 'ftv1' });
    return Object.keys(answer.json.extensions ?? {}).join() === 'cost' || answer.text;
  },
  'a body of 8 MB': async () => refused(await send({ body: `{"query": "${' '.repeat(8 << 20)}"}` }).catch((err) => ({ json: { errors: [{ extensions: { code: err.code === 'EPIPE' || err.code === 'ECONNRESET' ? 'PAYLOAD_TOO_LARGE' : err.code } }] }, ms: 0, text: '' })), 'PAYLOAD_TOO_LARGE'),
  'a compressed body': async () => refused(await send({ body: '{}', headers: { 'content-encoding': 'gzip' } }), 'UNSUPPORTED_MEDIA_TYPE', 415),
  'JSON nested 100,000 deep': async () => refused(await send({ body: `{"query": "{ __typename }", "variables": ${'{"a":'.repeat(100_000)}` }), 'BAD_USER_INPUT', 400),
  'bad JSON is not repeated': async () => {
    const answer = await send({ body: '{"query": hunter2' });
    return (answer.status === 400 && !answer.text.includes('hunter2')) || answer.text;
  },
  'methods': async () => {
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      const answer = await send({ method, body: '{}' });
      if (answer.status !== 405 || !answer.headers.allow) return `${method}: ${answer.status}, Allow: ${answer.headers.allow}`;
    }
    return true;
  },
  'media types': async () => refused(await send({ body: '{"query": "{ __typename }"}', headers: { accept: 'text/event-stream' } }), 'NOT_ACCEPTABLE', 406),
  'a WebSocket': async () =>
    refused(await send({ method: 'GET', headers: { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'eA==' } }), 'BAD_USER_INPUT', 400),
  'headers of every answer': async () => {
    const { headers } = await query('{ __typename }');
    if (headers['x-content-type-options'] !== 'nosniff') return 'no nosniff';
    if (!/no-store/.test(headers['cache-control'] ?? '')) return `Cache-Control: ${headers['cache-control']}`;
    for (const name of ['x-request-id', 'ratelimit', 'ratelimit-policy', 'x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset']) {
      if (!headers[name]) return `no ${name}`;
    }
    return true;
  },
  'no key': async () => {
    const answer = await send({ body: '{"query": "{ __typename }"}', withKey: false });
    return answer.headers['www-authenticate'] ? refused(answer, 'UNAUTHENTICATED', 401) : 'no WWW-Authenticate';
  },
  'a wrong key': async () => refused(await send({ body: '{"query": "{ __typename }"}', headers: { authorization: 'Bearer odg_0000000000_0' } }), 'UNAUTHENTICATED', 401),
  'a key in the URL': async () => refused(await send({ body: '{"query": "{ __typename }"}', withKey: false, path: '?api_key=odg_demo&key=odg_demo' }), 'UNAUTHENTICATED', 401),
  'header injection': async () => {
    const answer = await query('{ __typename }', {}, { 'x-request-id': 'a b<script>' });
    return !answer.headers['x-request-id'].includes('<') || 'the id of a request is taken over unseen';
  },
  'headers of 64 KB': async () => {
    const answer = await send({ method: 'GET', headers: { 'x-large': 'a'.repeat(64 << 10) } });
    return answer.status === 431 || `status ${answer.status}`;
  },
  'slow headers': async () => {
    const { closed, ms } = await raw('POST /graphql HTTP/1.1\r\nHost: localhost\r\n');
    return (closed && ms < 15_000) || `the connection is open after ${Math.round(ms)} ms`;
  },
  'invalid HTTP': async () => {
    const { text } = await raw('POST /graphql HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nxyz\r\n');
    return /^HTTP\/1\.1 4/.test(text) || text;
  },
};

const leakChecks = {
  'every error has a code and an id': async () => {
    for (const text of ['{', '{ nope }', '{ node(id: "x") { id } }', 'query($a: Int!) { __typename }']) {
      for (const { extensions } of (await query(text)).json.errors) {
        if (!extensions?.code || !extensions.requestId) return `${text}: ${JSON.stringify(extensions)}`;
      }
    }
    return true;
  },
  'errors tell nothing of the inside': async () => {
    for (const text of ['{ node(id: "cGFydG5lcjo5OTk5OTk5OTk5OTk5OTk5OTk5OQ==") { id } }', '{ partner(databaseId: -1) { id } }', '{ partners(after: "x") { totalCount } }']) {
      const answer = await query(text);
      if (/goroutine|\.go:|panic|psycopg|Traceback|res\.partner/.test(answer.text)) return answer.text;
    }
    return true;
  },
  'persisted queries: invalid documents are not kept': async () => {
    await send(hashed('{ nope }', sha256('{ nope }')));
    return refused(await send(hashed('', sha256('{ nope }'))), 'PERSISTED_QUERY_NOT_FOUND');
  },
  'persisted queries: a hash of another document': async () => refused(await send(hashed('{ __typename }', sha256('{ other }'))), 'BAD_USER_INPUT'),
  'introspection by tools': async () => {
    const answer = await query(getIntrospectionQuery({ specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, inputValueDeprecation: true, oneOf: true }));
    const schema = buildClientSchema(answer.json.data);
    return !schema.getDirective('defer') || '@defer is offered';
  },
  'the page loads nothing from elsewhere': async () => {
    const page = await fetch(new URL('/playground/', url));
    const policy = page.headers.get('content-security-policy') ?? '';
    if (!policy.includes("script-src 'self'") || policy.includes('unsafe-eval')) return `Content-Security-Policy: ${policy}`;
    return !/(src|href)="https?:/.test(await page.text()) || 'it loads something';
  },
  'other pages of IDEs': async () => {
    for (const path of ['/graphiql', '/console', '/altair', '/v1/graphql']) {
      const page = await fetch(new URL(path, url));
      if (page.status !== 404) return `${path}: ${page.status}`;
    }
    return true;
  },
};

export const checks = { ...documentChecks, ...transportChecks, ...leakChecks };
