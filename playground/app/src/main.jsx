// The page's first script: it puts the playground into the page.
import 'graphiql/graphiql.css';
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import './style.css';
import './editors.js';
import { createRoot } from 'react-dom/client';
import { Playground } from './playground.jsx';

const settings = JSON.parse(document.getElementById('settings').textContent);
createRoot(document.getElementById('app')).render(<Playground {...settings} />);
