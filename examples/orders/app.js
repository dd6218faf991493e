const byId = (id) => document.getElementById(id);

// ask sends one GraphQL document. What it throws has the error's code.
async function ask(query, variables = {}, headers = {}) {
  const { url, key } = JSON.parse(sessionStorage.getItem("gateway"));
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${key}`, ...headers },
    body: JSON.stringify({ query, variables }),
  }).catch(() => { throw Object.assign(new Error("The gateway cannot be reached."), { code: "NETWORK", retryable: true }); });
  const { data, errors = [] } = await response.json();
  if (errors.length && Object.values(data ?? {}).every((field) => field === null)) {
    throw Object.assign(new Error(errors[0].message), errors[0].extensions);
  }
  return data;
}

// attempt does something that may fail, and says so in its place if it does.
async function attempt(action, place = byId("message")) {
  place.textContent = "";
  byId("again").hidden = true;
  document.body.ariaBusy = "true";
  try {
    await action();
  } catch (error) {
    failed(error, action, place);
  }
  document.body.ariaBusy = "false";
}

let failed = (error, action, place) => { place.textContent = error.message; };

byId("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  const { url, key } = Object.fromEntries(new FormData(event.target));
  sessionStorage.setItem("gateway", JSON.stringify({ url: url.replace(/\/+$/, ""), key: key.trim() }));
  attempt(async () => {
    const { viewer } = await ask("{ viewer { name } }");
    byId("who").textContent = `Connected as ${viewer.name}`;
    document.dispatchEvent(new Event("connected"));
  });
});

const ORDERS = `query Orders($filter: SaleOrderFilter, $search: String, $after: String, $more: Boolean!) {
  saleOrders(first: 10, after: $after, filter: $filter, search: $search, orderBy: [{field: ORDER_DATE, direction: DESC}]) {
    totalCount @skip(if: $more)
    nodes { id name state amountTotal currency { code } partner { displayName } }
    pageInfo { hasNextPage endCursor }
  }
}`;

const STATES = { DRAFT: "Quotation", SENT: "Quotation sent", SALE: "Sale order", CANCEL: "Cancelled" };

let find = { filter: {}, search: null }; // what is looked for
let after = null; // the cursor that the next page follows

async function loadOrders() {
  const mine = find = { ...find };
  const { saleOrders } = await ask(ORDERS, { ...find, after, more: after !== null });
  if (mine !== find) return; // something else was asked for meanwhile
  if (after === null) byId("orders").replaceChildren();
  byId("orders").append(...saleOrders.nodes.map(orderItem));
  after = saleOrders.pageInfo.endCursor;
  byId("more").hidden = !saleOrders.pageInfo.hasNextPage;
  if (saleOrders.totalCount !== undefined) byId("count").textContent = `${saleOrders.totalCount} found`;
  byId("list").hidden = false;
}

function orderItem(order) {
  const button = element("button", {},
    element("span", { className: "name", textContent: order.name }),
    element("span", { className: "customer", textContent: order.partner?.displayName ?? "not visible to you" }),
    element("span", { className: "state", textContent: STATES[order.state] ?? "" }),
    element("span", { className: "amount", textContent: money(order.amountTotal, order.currency) }));
  button.dataset.id = order.id;
  return element("li", {}, button);
}

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function money(amount, currency) {
  return currency ? new Intl.NumberFormat("en", { style: "currency", currency: currency.code }).format(amount) : amount;
}

document.addEventListener("connected", () => { after = null; attempt(loadOrders); });
byId("more").addEventListener("click", () => attempt(loadOrders));

byId("find").addEventListener("submit", (event) => {
  event.preventDefault();
  const { search, state } = Object.fromEntries(new FormData(event.target));
  find = { search: search.trim() || null, filter: state ? { state: { eq: state } } : {} };
  after = null;
  attempt(loadOrders);
});

const ORDER = `query Order($id: ID!) {
  saleOrder(id: $id) {
    id name state orderDate amountTotal clientReference updatedAt
    currency { code } partner { displayName }
    lines(first: 100) { nodes { id displayType name quantity unit { name } subtotal } }
  }
}`;

let shown = null; // the order in the dialog

async function showOrder(id) {
  const { saleOrder } = await ask(ORDER, { id });
  if (!saleOrder) throw new Error("This order is not there any more.");
  shown = saleOrder;
  byId("order-name").textContent = saleOrder.name;
  const date = new Date(saleOrder.orderDate).toLocaleDateString("en", { dateStyle: "long" });
  byId("order-about").textContent = [STATES[saleOrder.state], saleOrder.partner?.displayName, date].filter(Boolean).join(" · ");
  byId("lines").replaceChildren(...saleOrder.lines.nodes.map(lineRow));
  byId("total").textContent = money(saleOrder.amountTotal, saleOrder.currency);
  byId("change").elements.reference.value = saleOrder.clientReference ?? "";
  byId("order-message").textContent = "";
  if (!byId("order").open) byId("order").showModal();
}

function lineRow(line) {
  if (line.displayType !== "PRODUCT") {
    return element("tr", { className: line.displayType.toLowerCase() }, element("td", { textContent: line.name, colSpan: 3 }));
  }
  return element("tr", {},
    element("td", { textContent: line.name }),
    element("td", { textContent: `${line.quantity} ${line.unit?.name ?? ""}` }),
    element("td", { textContent: money(line.subtotal, shown.currency) }));
}

byId("orders").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) attempt(() => showOrder(button.dataset.id));
});

const SAVE = `mutation Save($order: ID!, $reference: String, $seen: DateTime!) {
  updateSaleOrder(input: {order: {id: $order}, clientReference: $reference, ifUnmodifiedSince: $seen}) {
    saleOrder { clientReference updatedAt }
    userErrors { message code }
  }
}`;

let change = null; // what is being saved, with the key that it has alone

async function save() {
  const reference = byId("change").elements.reference.value.trim() || null;
  if (change?.order !== shown || change.reference !== reference) {
    change = { order: shown, reference, key: crypto.randomUUID() };
  }
  const { updateSaleOrder: { saleOrder, userErrors } } = await ask(SAVE,
    { order: shown.id, reference, seen: shown.updatedAt }, { "Idempotency-Key": change.key });
  change = null;
  if (userErrors.length) throw Object.assign(new Error(userErrors[0].message), { code: userErrors[0].code });
  Object.assign(shown, saleOrder);
  byId("order-message").textContent = "Saved.";
}

byId("change").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(save, byId("order-message"));
});

const seconds = (error) => Math.ceil((error.retryAfterMs ?? 5000) / 1000);

// What to tell people, by the error's code: its own words where there is nothing better.
const advice = {
  NETWORK: () => "The gateway cannot be reached, or does not let this page use it. Look at the address and the connection.",
  UNAUTHENTICATED: () => "This API key is not valid. Look whether it is whole, or ask for a new one.",
  RATE_LIMITED: (error) => `That was too much at once. Try again in ${seconds(error)} seconds.`,
  OVERLOADED: (error) => `Odoo is busy. Try again in ${seconds(error)} seconds.`,
  UPSTREAM_UNAVAILABLE: () => "Odoo does not answer just now. Try again in a minute.",
  UPSTREAM_TIMEOUT: () => "Odoo took too long. Try again in a minute.",
  OUTCOME_UNKNOWN: () => "Nobody knows yet whether this was saved. Save again: it is done once only.",
  IDEMPOTENCY_IN_PROGRESS: (error) => `This is still being saved. Try again in ${seconds(error)} seconds.`,
  CONFLICT: () => "Somebody else changed this order meanwhile. Close it, open it again, and look.",
  INTERNAL_SERVER_ERROR: (error) => `Something is wrong in the gateway. Tell its operator the number ${error.requestId}.`,
};

failed = (error, action, place) => {
  place.textContent = advice[error.code]?.(error) ?? error.message;
  byId("again").hidden = place !== byId("message") || !error.retryable;
  byId("again").onclick = () => attempt(action, place);
  if (error.code === "UNAUTHENTICATED") byId("sign-in").elements.key.focus();
};
