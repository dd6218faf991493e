// GraphiQL makes queries and variables pretty with Prettier, which reads JSON with the
// whole of a JavaScript parser. The build puts this in its place (see build.mjs): queries
// go to Prettier, JSON to the parser of comments in JSON that GraphiQL has anyway.
import { applyEdits, format as formatJSON } from 'jsonc-parser';
import * as prettier from 'prettier/standalone.mjs';

export const format = (text, options) =>
  options.parser === 'jsonc'
    ? applyEdits(text, formatJSON(text, undefined, { tabSize: 2, insertSpaces: true }))
    : prettier.format(text, options);

/** What the parsers that are left out would have. */
export const parsers = {};
export const printers = {};
