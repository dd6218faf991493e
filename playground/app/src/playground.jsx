// GraphiQL and the frame around it: who asks, what went wrong, what it took.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { GraphiQL, GraphiQLInterface, HISTORY_PLUGIN } from 'graphiql';
import { GraphiQLProvider } from '@graphiql/react';
import { DocExplorerStore } from '@graphiql/plugin-doc-explorer';
import { HistoryStore } from '@graphiql/plugin-history';
import { docsPlugin, WhyNoDocs } from './docs.jsx';
import { editorTheme } from './editors.js';
import { ExamplesContext, examplesPlugin } from './examples.jsx';
import { Frame } from './frame.jsx';
import { ask, Problem } from './gateway.js';
import { rememberedKey, rememberKey } from './key.js';
import { storage, usedBefore } from './storage.js';
import { Strip } from './strip.jsx';

const plugins = [examplesPlugin, docsPlugin, HISTORY_PLUGIN];
const wide = matchMedia('(min-width: 900px)').matches;

export function Playground({ apiKey, examples }) {
  const [access, setAccess] = useState(() => rememberedKey(apiKey));
  const [spent, setSpent] = useState(null);
  const { fetcher, problem, schema, retry } = useGateway(access.key, setSpent);
  const change = useCallback((next) => {
    rememberKey(next.key, next.keep);
    setAccess(next);
  }, []);
  const lookUp = useCallback(async (query) => (await fetcher({ query })).data, [fetcher]);
  const offered = useMemo(() => ({ examples, ask: lookUp }), [examples, lookUp]);
  return (
    <ExamplesContext value={offered}>
      <WhyNoDocs value={schema.why}>
        <GraphiQLProvider
          fetcher={fetcher} storage={storage} shouldPersistHeaders={false} plugins={plugins} referencePlugin={docsPlugin}
          visiblePlugin={usedBefore || !wide ? undefined : examplesPlugin} editorTheme={editorTheme}
          defaultTabs={examples.slice(0, 1).map(({ query }) => ({ query }))}
        >
          <HistoryStore>
            <DocExplorerStore>
              <Frame access={access} onAccess={change} onRetry={retry} problem={problem} schema={schema} />
              <main>
                <GraphiQLInterface showPersistHeadersSettings={false} defaultEditorToolsVisibility={wide}>
                  <GraphiQL.Logo>{null}</GraphiQL.Logo>
                  <GraphiQL.Footer><Strip spent={spent} /></GraphiQL.Footer>
                </GraphiQLInterface>
              </main>
            </DocExplorerStore>
          </HistoryStore>
        </GraphiQLProvider>
      </WhyNoDocs>
    </ExamplesContext>
  );
}

/** Seconds until the schema is asked for again where the gateway does not say. */
const pause = 5;

/**
 * What GraphiQL sends its operations with, what is wrong, and what is known of the
 * schema. A new key is a new fetcher, and a new fetcher makes GraphiQL ask for the schema.
 */
function useGateway(key, onSpent) {
  const [attempt, setAttempt] = useState(0);
  const [problem, setProblem] = useState(null);
  const [schema, setSchema] = useState({ state: 'loading', why: null });
  const latest = useRef(null);
  const fetcher = useMemo(() => {
    const ours = async (params, options) => {
      const current = () => latest.current === ours; // or an answer to an earlier key
      if (params.operationName === 'IntrospectionQuery') {
        return introspect(params, key, options?.headers).then(
          (answer) => {
            if (current()) {
              setSchema({ state: 'known', why: null });
              setProblem(null);
            }
            return answer;
          },
          (error) => {
            if (current()) {
              setSchema({ state: error.kind === 'schema' ? 'hidden' : 'unknown', why: error.message });
              setProblem(error.kind === 'schema' ? null : error);
            }
            throw error;
          },
        );
      }
      try {
        const { answer, milliseconds } = await ask(params, key, options?.headers);
        if (current()) {
          setProblem(null);
          onSpent({ ...answer.extensions, milliseconds });
        }
        return answer;
      } catch (error) {
        if (current()) {
          setProblem(error);
          onSpent(null);
        }
        return { errors: [{ message: error.message }] };
      }
    };
    latest.current = ours;
    return ours;
  }, [key, attempt, onSpent]);

  const retry = useCallback(() => setAttempt((n) => n + 1), []);
  useEffect(() => {
    if (problem?.kind !== 'rate' && problem?.kind !== 'network') return undefined;
    const again = () => (schema.state === 'unknown' ? retry() : setProblem(null));
    const timer = setTimeout(again, (problem.seconds ?? pause) * 1000);
    return () => clearTimeout(timer);
  }, [problem, schema.state, retry]);
  return { fetcher, problem, schema, retry };
}

/** Asks for the schema. A problem of the kind "schema" leaves queries as they are. */
async function introspect(params, key, headers) {
  const { answer } = await ask(params, key, headers);
  if (answer.data) return answer;
  const { message, extensions } = answer.errors[0];
  if (extensions?.code === 'DOCUMENT_NOT_TRUSTED' || message.includes('introspection')) {
    throw new Problem('schema', key
      ? `${message} Queries run all the same, without documentation and completion.`
      : 'Fill in an API key for documentation and completion. Without one, queries run as far as everybody may ask.');
  }
  throw new Problem(extensions?.code === 'FORBIDDEN' ? 'refused' : 'network', message);
}
