// Builds the page into a folder, ../dist unless another is named. The same sources and
// lock file give the same bytes on every machine: names of files are hashes of what
// they hold, and gzip is that of a package, for zlib's differs between versions.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { gzipSync } from 'fflate';

const here = path.dirname(fileURLToPath(import.meta.url));
const target = path.resolve(process.argv[2] ?? path.join(here, '../dist'));

const common = {
  absWorkingDir: here, bundle: true, minify: true, splitting: true, format: 'esm', target: 'es2022', write: false, metafile: true,
  outdir: 'out', entryNames: '[name]-[hash]', chunkNames: 'part-[hash]', assetNames: '[name]-[hash]', legalComments: 'none',
  charset: 'utf8', logLevel: 'warning', define: { 'process.env.NODE_ENV': '"production"' },
};

/** The names of the files that the entry points became. */
const outputOf = (result, entry, ext) =>
  path.basename(Object.entries(result.metafile.outputs).find(([name, { entryPoint }]) => entryPoint === entry && name.endsWith(ext))[0]);

const workerSources = {
  editor: 'node_modules/monaco-editor/esm/vs/editor/editor.worker.js',
  json: 'node_modules/monaco-editor/esm/vs/language/json/json.worker.js',
  graphql: 'node_modules/monaco-graphql/esm/graphql.worker.js',
};
const workers = await build({ ...common, entryPoints: workerSources });
const names = Object.fromEntries(Object.entries(workerSources).map(([label, source]) => [label, `./${outputOf(workers, source, '.js')}`]));
const page = await build({
  ...common, entryPoints: { playground: 'src/main.jsx' }, jsx: 'automatic', loader: { '.ttf': 'file' },
  alias: {
    'prettier/standalone': './src/prettier.js', 'prettier/parser-babel': './src/prettier.js', 'prettier/plugins/estree': './src/prettier.js',
    'prettier/parser-graphql': 'prettier/plugins/graphql',
  },
  define: { ...common.define, WORKERS: JSON.stringify(names) },
});

const script = outputOf(page, 'src/main.jsx', '.js');
const style = path.basename(page.metafile.outputs[`out/${script}`].cssBundle);
const html = readFileSync(path.join(here, 'src/index.html'), 'utf8').replace('{{script}}', script).replace('{{style}}', style);

mkdirSync(target, { recursive: true });
for (const name of readdirSync(target)) rmSync(path.join(target, name));
writeFileSync(path.join(target, 'index.html'), html);
let bytes = 0;
const write = (name, contents) => {
  const zipped = gzipSync(contents, { level: 9, mtime: 0 });
  bytes += zipped.length;
  writeFileSync(path.join(target, `${name}.gz`), zipped);
};
for (const { path: name, contents } of [...workers.outputFiles, ...page.outputFiles]) {
  const unused = name.endsWith('.css') && path.basename(name) !== style; // the parts of it, which no script loads
  if (!unused) write(path.basename(name), contents);
}
write('licences.txt', Buffer.from(notices(workers, page)));
console.log(`${readdirSync(target).length} files, ${(bytes / 1024).toFixed(0)} KiB compressed`);

/** The licences of all packages that something of went into the page. */
function notices(...results) {
  const folders = new Set();
  for (const { metafile } of results) {
    for (const output of Object.values(metafile.outputs)) {
      for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
        const folder = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
        if (folder && bytesInOutput > 0) folders.add(folder);
      }
    }
  }
  const texts = new Map();
  for (const folder of folders) {
    const { name, version, license, repository } = JSON.parse(readFileSync(path.join(here, folder, 'package.json'), 'utf8'));
    const files = readdirSync(path.join(here, folder)).filter((file) => /^(licen[cs]e|notice|thirdparty)/i.test(file)).sort();
    const source = typeof repository === 'string' ? repository : repository?.url ?? '';
    const own = files.map((file) => readFileSync(path.join(here, folder, file), 'utf8').trim()).join('\n\n');
    texts.set(`${name} ${version}`, `${name} ${version}\n${license} ${source}\n\n${own || `The package holds no text of its licence, ${license}.`}`);
  }
  const sorted = [...texts.keys()].sort((a, b) => (a < b ? -1 : 1)).map((name) => texts.get(name));
  return `The playground of odoograph is built of these packages.\n\n${sorted.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
