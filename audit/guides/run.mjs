// Executes a file of a guide: node run.mjs FILE LIST. It is bundled with the files that
// it imports, whose names are added to LIST. A page's buttons are clicked, each once,
// and then its text is printed.
import { appendFileSync, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const [file, list] = process.argv.slice(2);

/** Replaces the tag graphql`…` by the files that Relay's compiler made. */
const relay = {
  name: 'relay',
  setup(build) {
    build.onLoad({ filter: /\.tsx?$/ }, async ({ path }) => {
      const contents = await readFile(path, 'utf8');
      if (!/import .*\bgraphql\b.* from '(react-relay|relay-runtime)'/.test(contents)) return;
      const { transformAsync } = await import('@babel/core');
      const { code } = await transformAsync(contents, {
        filename: path, configFile: false, babelrc: false,
        parserOpts: { plugins: ['typescript', 'jsx'] },
        plugins: [[(await import('babel-plugin-relay')).default, JSON.parse(await readFile('relay.config.json', 'utf8'))]],
      });
      return { contents: code, loader: extname(path).slice(1) };
    });
  },
};

const outfile = resolve(`.build/${file.replaceAll('/', '-')}.mjs`);
const { metafile } = await build({
  entryPoints: [file], outfile, bundle: true, packages: 'external', platform: 'node', format: 'esm', jsx: 'automatic',
  target: 'node20', metafile: true, logLevel: 'error', plugins: existsSync('relay.config.json') ? [relay] : [],
});
const inputs = Object.entries(metafile.inputs);
appendFileSync(list, Object.keys(metafile.inputs).map((name) => `${name}\n`).join(''));

const isPage = (await Promise.all(inputs.map(([name]) => readFile(name, 'utf8')))).some((text) => /\bdocument\./.test(text));
if (!isPage) {
  await import(pathToFileURL(outfile));
} else {
  await page();
}

/** Executes the file as the script of a page, and shows the page. */
async function page() {
  const { JSDOM } = await import('jsdom');
  const { window } = new JSDOM('<div id="root"></div>', { url: 'http://localhost:5173/', pretendToBeVisual: true });
  for (const name of ['window', 'document', 'HTMLElement', 'HTMLIFrameElement', 'Node', 'Event', 'navigator']) {
    Object.defineProperty(globalThis, name, { value: name === 'window' ? window : window[name], configurable: true });
  }
  let pending = 0;
  let last = Date.now();
  const fetchPlainly = globalThis.fetch;
  globalThis.fetch = async (...request) => {
    pending++;
    try {
      const response = await fetchPlainly(...request);
      return new Response(await response.arrayBuffer(), response); // with its body there
    } finally {
      pending--;
      last = Date.now();
    }
  };
  new window.MutationObserver(() => { last = Date.now(); }).observe(window.document.body, { subtree: true, childList: true, characterData: true });
  // React waits for up to 300 ms before it shows what was loaded.
  const settled = async () => {
    last = Date.now();
    do {
      await new Promise((done) => setTimeout(done, 50));
    } while (pending > 0 || Date.now() - last < 700);
  };
  await import(pathToFileURL(outfile));
  await settled();
  for (const clicked = new Set(); ;) {
    const button = [...window.document.querySelectorAll('button:not(:disabled)')].find((one) => !clicked.has(one.textContent));
    if (!button) break;
    clicked.add(button.textContent);
    button.click();
    await settled();
  }
  for (const element of window.document.querySelectorAll('h1, h2, h3, p, li, tr, button, form')) element.append('\n');
  console.log(window.document.body.textContent.split('\n').map((line) => line.trim()).filter(Boolean).join('\n'));
  process.exit(0);
}
