// Tries the attacks that graphql-cop and graphql-armor know, and some more, on the
// gateway at ODOOGRAPH_URL. With ODOOGRAPH_RESTRICTED_KEY, a key that may not
// introspect, it tries what such a key must not get too.
import { checks, restrictedChecks } from './checks.mjs';
import { query } from './gateway.mjs';

const restricted = process.env.ODOOGRAPH_RESTRICTED_KEY;
const all = restricted ? { ...checks, ...restrictedChecks(restricted) } : checks;

let failed = 0;
for (const [name, check] of Object.entries(all)) {
  let result;
  try {
    result = await check();
  } catch (err) {
    result = err.message;
  }
  if (result === true) {
    console.log(`pass  ${name}`);
  } else {
    failed++;
    console.log(`FAIL  ${name}: ${String(result).slice(0, 500)}`);
  }
}
const alive = await query('{ __typename }').catch(() => undefined);
if (alive?.status !== 200) {
  failed++;
  console.log('FAIL  the gateway is still alive');
}
const count = Object.keys(all).length;
console.log(`security: ${count - failed} of ${count} checks pass${restricted ? '' : ' (set ODOOGRAPH_RESTRICTED_KEY for those of a key that may not introspect)'}`);
process.exit(failed === 0 ? 0 : 1);
