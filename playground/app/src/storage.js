// What GraphiQL remembers on this device: tabs, history, sizes. Not headers, which may
// hold secrets: its history would keep them.
const prefix = 'graphiql:';
const names = () => Object.keys(localStorage).filter((name) => name.startsWith(prefix));

const withoutHeaders = (text) =>
  JSON.stringify(JSON.parse(text), (name, value) => (name === 'headers' ? undefined : value));

export const storage = {
  getItem: (name) => localStorage.getItem(name),
  setItem(name, value) {
    const history = name === `${prefix}queries` || name === `${prefix}favorites`;
    localStorage.setItem(name, history ? withoutHeaders(value) : value);
  },
  removeItem: (name) => localStorage.removeItem(name),
  clear: () => names().forEach((name) => localStorage.removeItem(name)),
  get length() {
    return names().length;
  },
};

/** Tells whether somebody worked here before. */
export const usedBefore = localStorage.getItem(`${prefix}tabState`) !== null;
