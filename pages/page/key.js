// The API key that a person types into a page. All pages keep it under one name: for
// the tab, or on the device if the person says so.
const name = 'odoograph.key'

/** The key that is kept, and whether it is on the device. */
export function kept() {
  try {
    const here = sessionStorage.getItem(name)
    const device = localStorage.getItem(name)
    return { key: here ?? device ?? '', onDevice: device !== null }
  } catch { // the browser keeps nothing for pages
    return { key: '', onDevice: false }
  }
}

/** Keeps a key, "" for none. */
export function keep(key, onDevice) {
  try {
    sessionStorage.removeItem(name)
    localStorage.removeItem(name)
    if (key) (onDevice ? localStorage : sessionStorage).setItem(name, key)
  } catch { /* then the page alone knows it */ }
}
