// The client of the gateway at ODOOGRAPH_BASE, typed by its OpenAPI document.
import createClient from 'openapi-fetch';
import type { paths } from './schema.js';

declare const process: { env: Record<string, string | undefined> };

export const base = process.env.ODOOGRAPH_BASE ?? 'http://127.0.0.1:8080';
const key = process.env.ODOOGRAPH_KEY ?? 'odg_demo';

const options = {
  baseUrl: `${base}/api/v1`,
  querySerializer: { array: { style: 'form', explode: false } }, // state__in=draft,sent
} as const;

export const headers = { Authorization: `Bearer ${key}` };
export const client = createClient<paths, 'application/json'>({ ...options, headers });
export const legacy = createClient<paths, 'application/json'>({ ...options, headers: { Authorization: `ApiKey ${key}` } });
export const stranger = createClient<paths, 'application/json'>({ ...options, headers: { Authorization: 'Bearer wrong' } });

export type PartnerQuery = NonNullable<paths['/partners']['get']['parameters']['query']>;
export type NewPartner = paths['/partners']['post']['requestBody']['content']['application/json'];
export type NewOrder = paths['/sale_orders']['post']['requestBody']['content']['application/json'];
export type NewLine = NonNullable<NewOrder['lines']>[number];

/** Fails unless what is claimed holds. */
export function check(claim: boolean, what: string, ...seen: unknown[]): asserts claim {
  if (!claim) throw new Error(`${what}: ${seen.map((one) => JSON.stringify(one)).join(' ')}`);
}
