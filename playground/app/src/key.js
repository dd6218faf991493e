// Where the API key is kept: in this tab, or on this device for those who say so. All
// pages of the gateway keep it under the same name.
const name = 'odoograph.key';

/** The key and whether it is kept on this device; the given one where none is kept. */
export function rememberedKey(given) {
  const ofTab = sessionStorage.getItem(name);
  const ofDevice = localStorage.getItem(name);
  return { key: ofTab ?? ofDevice ?? given, keep: ofTab === null && ofDevice !== null };
}

/** Keeps the key in one place and in no other. */
export function rememberKey(key, keep) {
  const [place, other] = keep ? [localStorage, sessionStorage] : [sessionStorage, localStorage];
  other.removeItem(name);
  if (key) place.setItem(name, key);
  else place.removeItem(name);
}
