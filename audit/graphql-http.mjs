// Runs the audits of the package graphql-http, those of the GraphQL over HTTP
// specification, against the gateway at ODOOGRAPH_URL. All must be ok.
import { auditServer } from 'graphql-http';
import { fetchWithKey, url } from './gateway.mjs';

const results = await auditServer({ url, fetchFn: fetchWithKey });
const failed = results.filter((result) => result.status !== 'ok');
for (const { id, name, status, reason } of failed) {
  console.log(`${status.toUpperCase()} ${id} ${name}: ${reason}`);
}
console.log(`graphql-http: ${results.length - failed.length} of ${results.length} audits are ok`);
process.exit(failed.length === 0 && results.length >= 61 ? 0 : 1);
