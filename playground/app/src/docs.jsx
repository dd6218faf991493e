// GraphiQL's documentation explorer, which also says why it has nothing to show.
import { createContext, useContext } from 'react';
import { DOC_EXPLORER_PLUGIN } from '@graphiql/plugin-doc-explorer';
import { DocsIcon } from '@graphiql/react';

export const WhyNoDocs = createContext(null);

const Explorer = DOC_EXPLORER_PLUGIN.content;

function Docs() {
  const why = useContext(WhyNoDocs);
  return why ? (
    <section className="no-docs" aria-label="Documentation">
      <h2>Documentation</h2>
      <p>{why}</p>
    </section>
  ) : <Explorer />;
}

export const docsPlugin = { title: DOC_EXPLORER_PLUGIN.title, icon: DocsIcon, content: Docs };
