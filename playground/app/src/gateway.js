// How the page speaks with the gateway, and what it makes of answers that are none.

import { Kind, parse as parseDocument } from 'graphql';

// The page is at /playground/, wherever a proxy may serve that.
const endpoint = '../graphql';

/** Something that keeps the page from working, for the frame to tell. */
export class Problem extends Error {
  constructor(kind, message, seconds) {
    super(message);
    // Not to be seen where GraphiQL shows all that an error holds.
    Object.defineProperties(this, { kind: { value: kind }, seconds: { value: seconds } });
  }
}

/**
 * Sends an operation. Returns the answer, which may hold errors of its own, with the
 * milliseconds that it took; throws a Problem where there is no answer to speak of.
 */
export async function ask({ query, variables, operationName }, key, headers = {}) {
  const all = new Headers({
    Accept: 'application/graphql-response+json, application/json',
    'Content-Type': 'application/json',
    'Odoograph-Trace': '1',
  });
  if (key) all.set('Authorization', `Bearer ${key}`);
  for (const [name, value] of Object.entries(headers ?? {})) all.set(name, value); // the person's own
  const start = performance.now();
  const response = await fetch(endpoint, {
    method: 'POST', headers: all, body: JSON.stringify({ query, variables, operationName: nameIn(query, operationName) }),
  }).catch(() => {
    throw new Problem('network', 'The gateway does not answer. Is it running, and is this device online?');
  });
  const text = await response.text().catch(() => '');
  const answer = parse(text, response.status);
  const problem = problemOf(response, answer, all.has('Authorization'));
  if (problem) throw problem;
  return { answer, milliseconds: performance.now() - start };
}

// GraphiQL learns a moment later than it is run that the editor holds another
// operation, and would ask for the one before.
function nameIn(query, wanted) {
  try {
    const names = parseDocument(query).definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).map(({ name }) => name?.value);
    return names.includes(wanted) || names.length > 1 ? wanted : names[0];
  } catch {
    return wanted; // for the gateway to say what is wrong with it
  }
}

// What stands between browser and gateway may answer in HTML: nobody wants to read that.
function parse(text, status) {
  try {
    const answer = JSON.parse(text);
    if (answer !== null && typeof answer === 'object') return answer;
  } catch {
    // told below
  }
  throw new Problem('network', `Something between this page and the gateway answered with status ${status} and no JSON.`);
}

function problemOf(response, answer, withKey) {
  const error = answer.errors?.[0];
  const code = error?.extensions?.code;
  if (response.status === 401 && code === 'UNAUTHENTICATED') {
    return withKey
      ? new Problem('key', `This API key does not open the gateway. ${error.message}`)
      : new Problem('key', 'The gateway asks for an API key.');
  }
  if (response.status === 429) {
    const seconds = Number(response.headers.get('Retry-After')) || Math.ceil((error?.extensions?.retryAfterMs ?? 1000) / 1000);
    return new Problem('rate', error?.message ?? 'Too many requests.', seconds);
  }
  if (response.status >= 400 && !error) {
    return new Problem('network', `The gateway answered with status ${response.status} and did not say why.`);
  }
  return null;
}
