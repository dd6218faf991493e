// Where the gateway is, and how to speak with it.
import http from 'node:http';

/** The address of the gateway's GraphQL endpoint. */
export const url = process.env.ODOOGRAPH_URL ?? 'http://127.0.0.1:8080/graphql';

/** The key that the checks use; it must be allowed to introspect. */
export const key = process.env.ODOOGRAPH_KEY ?? 'odg_demo';

/** fetch, with the key. */
export const fetchWithKey = (input, init = {}) =>
  fetch(input, { ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } });

/**
 * Sends one request over a connection of its own, as it is given: fetch would
 * correct some of what is to be tried.
 */
export function send({ method = 'POST', path = '', headers = {}, body = '', withKey = true }) {
  const target = new URL(url);
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const request = http.request(
      {
        host: target.hostname, port: target.port, path: target.pathname + path, method, agent: false,
        headers: {
          ...(body === '' ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
          ...(withKey ? { authorization: `Bearer ${key}` } : {}),
          ...headers,
        },
      },
      (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          let json;
          try {
            json = JSON.parse(text);
          } catch {
            json = undefined;
          }
          resolve({ status: response.statusCode, headers: response.headers, text, json, ms: performance.now() - start });
        });
      },
    );
    request.on('error', reject);
    request.setTimeout(30_000, () => request.destroy(new Error('no answer within 30 s')));
    request.end(body);
  });
}

/** Sends a document with POST. */
export const query = (text, more = {}, headers = {}) =>
  send({ body: JSON.stringify({ query: text, ...more }), headers });
