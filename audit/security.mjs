// Tries the attacks that graphql-cop and graphql-armor know, and some more, on the
// gateway at ODOOGRAPH_URL.
import { checks } from './checks.mjs';
import { query } from './gateway.mjs';

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
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
const count = Object.keys(checks).length;
console.log(`security: ${count - failed} of ${count} checks pass`);
process.exit(failed === 0 ? 0 : 1);
