// The examples, as a plugin in GraphiQL's side bar.
import { createContext, useContext, useState } from 'react';
import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';

/** What the frame hands to the plugin: the examples, and how to ask the gateway. */
export const ExamplesContext = createContext({ examples: [], ask: null });

export const examplesPlugin = {
  title: 'Examples',
  icon: () => (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round">
      <path d="M9 18h6M10 21h4M12 3a6 6 0 0 0-3.6 10.8c.7.6 1.1 1.2 1.1 2.2h5c0-1 .4-1.6 1.1-2.2A6 6 0 0 0 12 3Z" />
    </svg>
  ),
  content: Examples,
};

function Examples() {
  const { examples } = useContext(ExamplesContext);
  const { open, busy } = useOpen();
  return (
    <section className="examples" aria-labelledby="examples-title">
      <h2 id="examples-title">Examples</h2>
      <p>Each opens in a tab of its own. They run on any Odoo.</p>
      <ul>
        {examples.map((example) => (
          <li key={example.name}>
            <button type="button" onClick={() => open(example)} disabled={busy === example.name}>
              <strong>{example.title}</strong>
              {/^\s*mutation\b/m.test(example.query) && <span className="changes">changes data</span>}
              <span>{example.about}</span>
            </button>
          </li>
        ))}
      </ul>
      <p><a href="licences.txt">Licences of this page</a></p>
    </section>
  );
}

function useOpen() {
  const { ask } = useContext(ExamplesContext);
  const [busy, setBusy] = useState('');
  const { addTab, setVisiblePlugin } = useGraphiQLActions();
  const { queryEditor, variableEditor } = useGraphiQL(({ queryEditor, variableEditor }) => ({ queryEditor, variableEditor }));
  async function open(example) {
    if (!queryEditor) return; // the editors are loading
    setBusy(example.name);
    const variables = await variablesOf(example, ask);
    setBusy('');
    if (queryEditor.getValue().trim() !== '') addTab();
    queryEditor.setValue(example.query);
    variableEditor?.setValue(variables ? JSON.stringify(variables, null, 2) : '');
    if (matchMedia('(max-width: 700px)').matches) setVisiblePlugin(null); // it covers the editors
    queryEditor.focus();
  }
  return { open, busy };
}

// What the variables name is looked up in this Odoo. Where that fails, the frame tells
// why, and the person can fill them in.
async function variablesOf({ variables, before }, ask) {
  const answer = before ? await ask(before) : null;
  return variables && fill(variables, answer);
}

function fill(value, answer) {
  if (typeof value === 'string' && value.startsWith('$.')) {
    return value.slice(2).split('.').reduce((part, step) => part?.[step], answer) ?? null;
  }
  if (Array.isArray(value)) return value.map((part) => fill(part, answer));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, fill(part, answer)]));
  }
  return value;
}
