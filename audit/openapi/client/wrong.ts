// What the types must refuse: each line that follows is an error of the compiler,
// and it is an error if one is none. Nothing here is run.
import { client, type NewOrder, type NewPartner, type PartnerQuery } from './gateway.js';

// The calls infer their types and let more fields pass than there are; types by
// name do not.
export const wrongly = {
  // @ts-expect-error a parameter that is not there, beside one that is
  query: { limit: 2, page_size: 2 } satisfies PartnerQuery,
  // @ts-expect-error a field of the body that is not there
  body: { name: 'A', nickname: 'B' } satisfies NewPartner,
  // @ts-expect-error a relation that is no object
  relation: { partner: 5 } satisfies NewOrder,
};

export async function wrong() {
  // @ts-expect-error a parameter that is not there
  await client.GET('/partners', { params: { query: { page_size: 2 } } });
  // @ts-expect-error a parameter of another type
  await client.GET('/partners', { params: { query: { limit: 'two' } } });
  // @ts-expect-error a field that is not there
  await client.GET('/partners', { params: { query: { fields: ['secret'] } } });
  // @ts-expect-error a state that is not there
  await client.GET('/sale_orders', { params: { query: { state__in: ['sold'] } } });
  // @ts-expect-error a path that is not there
  await client.GET('/partner');
  // @ts-expect-error a method that the path lacks
  await client.PUT('/partners/{id}', { params: { path: { id: 1 } } });
  // @ts-expect-error the id is missing
  await client.GET('/partners/{id}');
  // @ts-expect-error no way to sort
  await client.GET('/partners', { params: { query: { sort: ['-secret'] } } });
  // @ts-expect-error the body is missing
  await client.POST('/partners');
  // @ts-expect-error the partner is missing
  await client.POST('/sale_orders', { body: { lines: [] } });
  // @ts-expect-error an id is a number
  await client.POST('/sale_orders', { body: { partner: { id: '5' } } });

  const { data, error } = await client.GET('/partners/{id}', { params: { path: { id: 1 } } });
  // @ts-expect-error the data may be missing
  data.data;
  // @ts-expect-error a field that a partner lacks
  data?.data.nickname;
  // @ts-expect-error a member that may be left out
  data?.data.id.toFixed();
  // @ts-expect-error a member that an error lacks
  error?.detail;
  const { data: changed } = await client.POST('/sale_orders/{id}/confirm', { params: { path: { id: 1 } } });
  // @ts-expect-error a change may take the record out of sight
  changed?.data.state;
  // @ts-expect-error money is text, not a number
  changed?.data?.amount_total?.toFixed(2);
}
