// The editors: where their workers are, and how they look.
import * as monaco from 'monaco-graphql/esm/monaco-editor.js';

/* global WORKERS -- the names of the files, by label; the build knows them */
globalThis.MonacoEnvironment = {
  getWorker: (_id, label) => new Worker(new URL(WORKERS[label] ?? WORKERS.editor, import.meta.url), { type: 'module', name: label }),
};

export const editorTheme = { dark: 'house-dark', light: 'house-light' };

const clear = '#00000000';

// The colours of style.css, which Monaco cannot read.
function theme(base, c) {
  return {
    base,
    inherit: true,
    colors: {
      'editor.background': clear, 'scrollbar.shadow': clear, 'editor.foreground': c.ink,
      'editorLineNumber.foreground': c.muted, 'editorLineNumber.activeForeground': c.ink,
      'editorWidget.background': c.surface, 'editorWidget.border': c.line,
      'editorHoverWidget.background': c.surface, 'editorHoverWidget.border': c.line,
      'editorSuggestWidget.background': c.surface, 'editorSuggestWidget.border': c.line,
      'editorSuggestWidget.selectedBackground': c.chosen, 'editorSuggestWidget.selectedForeground': c.ink,
      'editorSuggestWidget.highlightForeground': c.accent, 'editorSuggestWidget.focusHighlightForeground': c.accent,
      'textLink.foreground': c.accent, 'textLink.activeForeground': c.accent, 'editorLink.activeForeground': c.accent,
      'list.hoverBackground': c.chosen, 'list.highlightForeground': c.accent, 'list.focusHighlightForeground': c.accent,
      'menu.background': c.surface, 'menu.selectionBackground': c.chosen, 'menu.selectionForeground': c.ink,
      'quickInput.background': c.surface, 'quickInputList.focusBackground': c.chosen, 'quickInputList.focusForeground': c.ink,
      'input.background': c.ground, focusBorder: c.accent,
    },
    rules: [
      { token: 'argument.identifier.gql', foreground: c.argument },
      { token: 'key.identifier.gql', foreground: c.name },
      { token: 'string.key.json', foreground: c.name },
      { token: 'string.gql', foreground: c.text }, { token: 'string.value.json', foreground: c.text },
      { token: 'number.gql', foreground: c.number }, { token: 'number.json', foreground: c.number },
      { token: 'keyword.gql', foreground: c.accent }, { token: 'keyword.json', foreground: c.accent },
      { token: 'comment.gql', foreground: c.muted },
    ],
  };
}

monaco.editor.defineTheme(editorTheme.light, theme('vs', {
  ground: '#ffffff', surface: '#f6f5f9', chosen: '#e9e2f3', ink: '#1f1b2d', muted: '#5d5870', line: '#dcd9e5', accent: '#6b2fa0',
  argument: '#8a3b12', name: '#24479e', text: '#1a6b32', number: '#8a5a00',
}));
monaco.editor.defineTheme(editorTheme.dark, theme('vs-dark', {
  ground: '#16131f', surface: '#1f1b2b', chosen: '#3a2f52', ink: '#eceaf3', muted: '#a9a3bd', line: '#373149', accent: '#c09bea',
  argument: '#f0a878', name: '#9db8ff', text: '#7fd6a0', number: '#e2c07a',
}));

const small = matchMedia('(max-width: 700px)');

// GraphiQL asks for a web font, which the page would have to carry. On a phone the
// editors would have room for little but numbers of lines.
monaco.editor.onDidCreateEditor((editor) => {
  const fit = () => editor.updateOptions({
    fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
    fontSize: small.matches ? 13 : 14,
    lineNumbers: small.matches ? 'off' : 'on',
    folding: !small.matches,
    wordWrap: 'on',
    renderFinalNewline: 'on', // dimmed, few could read its number
  });
  setTimeout(fit); // what GraphiQL says of them comes later
  small.addEventListener('change', fit);
  editor.onDidDispose(() => small.removeEventListener('change', fit));
});
