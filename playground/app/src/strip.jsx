// What the last answer took.
const number = new Intl.NumberFormat('en');
const ms = (value) => `${value < 10 ? value.toFixed(1) : number.format(Math.round(value))} ms`;

export function Strip({ spent }) {
  return (
    <div className="strip" role="status" aria-live="polite">
      {spent ? <Spent {...spent} /> : <span>What a query costs stands here after its answer.</span>}
    </div>
  );
}

function Spent({ cost, trace, milliseconds }) {
  return (
    <dl>
      {cost && <Figure name="Cost" value={`${number.format(cost.actualQueryCost)} of ${number.format(cost.requestedQueryCost)}`}
        title="Points that the answer cost, of those that the query could have cost at most" />}
      {cost && <Figure name="Left" value={number.format(Math.floor(cost.throttleStatus.currentlyAvailable))}
        title="Points that are left of the key's budget" />}
      {trace && <Figure name="Odoo" value={`${number.format(trace.odooCalls)} ${trace.odooCalls === 1 ? 'call' : 'calls'}, ${ms(trace.odooMilliseconds)}`}
        title="Calls that the gateway made to Odoo for this answer, and the time of them all together" />}
      {trace
        ? <Figure name="Total" value={ms(trace.milliseconds)} title={`From the request to the answer in the gateway; ${ms(milliseconds)} in this browser`} />
        : <Figure name="Total" value={ms(milliseconds)} title="From the request to the answer in this browser" />}
    </dl>
  );
}

const Figure = ({ name, value, title }) => (
  <div title={title}>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
);
