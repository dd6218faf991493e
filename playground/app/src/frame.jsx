// The frame: where one is, the API key, and what is wrong.
import { useEffect, useState } from 'react';
import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';

export function Frame({ access, onAccess, onRetry, problem, schema }) {
  useSystemTheme();
  return (
    <header className="frame">
      <div className="top">
        <h1><span>odoograph</span> playground</h1>
        <nav aria-label="Pages of this gateway">
          <a href="../">Home</a>
          <a href="../docs/graphql">Schema</a>
          <a href="../api/v1/docs">REST</a>
        </nav>
        <KeyForm access={access} onAccess={onAccess} onRetry={onRetry} problem={problem} schema={schema} />
      </div>
      <div role="alert" id="problem">{problem && <Trouble problem={problem} onRetry={onRetry} />}</div>
      <div role="status">{!problem && schema.state === 'hidden' && <p className="note">{schema.why}</p>}</div>
    </header>
  );
}

const states = { loading: 'Connecting …', known: 'Connected', hidden: 'Connected', unknown: 'Not connected' };

// A key is tried when it is whole: not while it is typed, for the gateway counts
// those that fail.
function KeyForm({ access, onAccess, onRetry, problem, schema }) {
  const [text, setText] = useState(access.key);
  const [shown, setShown] = useState(false);
  const use = (key) => {
    const other = key.trim() !== access.key;
    if (other) onAccess({ ...access, key: key.trim() });
    return other;
  };
  const submit = (event) => {
    event.preventDefault();
    if (use(text)) return;
    onAccess(access); // the one that was filled in is entered now
    onRetry();
  };
  const wrong = problem?.kind === 'key';
  return (
    <form className="key" onSubmit={submit}>
      <label htmlFor="key">API key</label>
      <span className="field">
        <input
          id="key" type={shown ? 'text' : 'password'} value={text} placeholder="odg_…" autoComplete="off" autoCapitalize="off"
          spellCheck={false} aria-invalid={wrong} aria-describedby={wrong ? 'problem' : undefined}
          onChange={(event) => setText(event.target.value)} onBlur={() => use(text)}
          onPaste={({ target }) => setTimeout(() => use(target.value))}
        />
        <button type="button" aria-pressed={shown} aria-label="Show the key" onClick={() => setShown(!shown)}>{shown ? 'Hide' : 'Show'}</button>
      </span>
      <label className="keep">
        <input type="checkbox" checked={access.keep} onChange={(event) => onAccess({ key: text.trim(), keep: event.target.checked })} />
        {' '}Keep on this device
      </label>
      <span className={`state ${schema.state}`}>{states[schema.state]}</span>
    </form>
  );
}

function Trouble({ problem: { kind, message, seconds }, onRetry }) {
  return (
    <div className="trouble">
      <p>{message}</p>
      {kind === 'key' && (
        <p>
          Whoever runs the gateway makes keys with <code>odoograph keys create --name playground --scopes &#39;*&#39;</code>; the
          key of a demo is <code>odg_demo</code>. Paste it into the field “API key”.
        </p>
      )}
      {kind === 'rate' && <p>Try again in {seconds} {seconds === 1 ? 'second' : 'seconds'}.</p>}
      {kind === 'network' && <p>This page keeps trying. <button type="button" className="plain" onClick={onRetry}>Try now</button></p>}
    </div>
  );
}

// GraphiQL looks at the system's theme once; it may change while the page is open.
function useSystemTheme() {
  const theme = useGraphiQL((state) => state.theme);
  const { setTheme } = useGraphiQLActions();
  useEffect(() => {
    if (theme) return undefined;
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const follow = () => setTheme(null);
    dark.addEventListener('change', follow);
    return () => dark.removeEventListener('change', follow);
  }, [theme, setTheme]);
}
