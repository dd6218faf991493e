// Search in the reference: it hides what does not have all of the words that are typed.
// The page is whole without it.

const byID = (id) => document.getElementById(id)
const field = byID('find')
const found = byID('found')
const text = (parts) => [...parts].map((part) => part.textContent).join(' ').toLowerCase()

const guides = [...document.querySelectorAll('.guide')].map((section) => ({ section, text: text([section]) }))
const types = [...document.querySelectorAll('.type')].map((section) => ({
  section,
  name: section.id.toLowerCase(),
  text: text(section.querySelectorAll(':scope > h3, :scope > .prose')),
  members: [...section.querySelectorAll(':scope > .members > .member')].map((row) => ({
    row,
    name: row.id.toLowerCase(),
    text: `${row.id.toLowerCase()} ${text(row.querySelectorAll(':scope > dt, :scope > dd > :not(details)'))}`,
  })),
}))
const groups = [...document.querySelectorAll('.group')]
const contents = [...document.querySelectorAll('.toc details')].map((details) => ({
  details,
  links: [...details.querySelectorAll('a')].map((link) => ({ link, target: byID(decodeURIComponent(link.hash.slice(1))) })),
}))
const places = [...document.querySelectorAll('.toc > ul a')].map((link) => ({ link, target: byID(link.hash.slice(1)) }))
const wide = matchMedia('(min-width: 52.01rem)')
const openAtFirst = new Set(['toc-queries', 'toc-mutations', 'toc-objects'])

/** Shows what has all words, and returns how many types and members that are. */
function filter(words) {
  const has = (own) => words.every((word) => own.includes(word))
  let members = 0
  let shown = 0
  for (const type of types) {
    const named = has(type.name)
    let any = named || has(type.text)
    for (const member of type.members) {
      const hit = named || has(member.text)
      member.row.hidden = !hit
      if (hit) { any = true; members++ }
    }
    type.section.hidden = !any
    if (any) shown++
  }
  for (const guide of guides) guide.section.hidden = !has(guide.text)
  for (const group of groups) group.hidden = !group.querySelector(':scope > .type:not([hidden])')
  return { members, shown }
}

function showContents(searching) {
  for (const { link, target } of places) link.parentElement.hidden = target.hidden
  for (const { details, links } of contents) {
    let any = false
    for (const { link, target } of links) {
      const visible = target !== null && !target.closest('[hidden]')
      link.parentElement.hidden = !visible
      any ||= visible
    }
    details.hidden = !any
    details.open = wide.matches && (searching || openAtFirst.has(details.id))
  }
}

const count = (n, one) => `${n} ${one}${n === 1 ? '' : 's'}`

function search() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean)
  const { members, shown } = filter(words)
  showContents(words.length > 0)
  byID('nothing').hidden = shown > 0 || guides.some(({ section }) => !section.hidden)
  found.textContent = words.length === 0 ? '' : `${count(members, 'entry').replace('entrys', 'entries')} in ${count(shown, 'type')}`
}

function clear() {
  field.value = ''
  search()
}

/** The names that are shown, in the order of the page. */
const names = () => [...document.querySelectorAll('.type .name')].filter((link) => !link.closest('[hidden]'))

/** Where Enter leads: to the name that was typed, to one that begins so, or to the first. */
function best() {
  const wanted = field.value.trim().toLowerCase()
  const all = names()
  const own = (link) => decodeURIComponent(link.hash.slice(1)).toLowerCase()
  const last = (link) => own(link).split('.').pop()
  return all.find((link) => own(link) === wanted) ?? all.find((link) => last(link) === wanted)
    ?? all.find((link) => last(link).startsWith(wanted)) ?? all[0]
}

function step(from, by) {
  const all = names()
  const next = all[all.indexOf(from) + by]
  if (next) next.focus()
  else if (by < 0) field.focus()
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const onName = event.target.matches?.('.type .name')
  if (event.key === '/' && event.target !== field) {
    field.focus()
    field.select()
  } else if (event.key === 'Escape' && (event.target === field || onName)) {
    if (event.target === field) clear()
    field.focus()
  } else if (event.key === 'Enter' && event.target === field) {
    const link = best()
    if (link) { location.hash = link.hash; link.focus() }
  } else if (event.key === 'ArrowDown' && event.target === field) {
    names()[0]?.focus()
  } else if (onName && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
    step(event.target, event.key === 'ArrowDown' ? 1 : -1)
  } else return
  event.preventDefault()
}

/** A link may lead to what the search hides. */
function reveal() {
  const target = byID(decodeURIComponent(location.hash.slice(1)))
  if (!target?.closest('[hidden]')) return
  clear()
  target.scrollIntoView()
}

const opened = new Set()
function openAll() {
  for (const details of document.querySelectorAll('.example:not([open])')) { details.open = true; opened.add(details) }
}
function closeAgain() {
  for (const details of opened) details.open = false
  opened.clear()
}

byID('search').hidden = false
byID('toc').open = wide.matches
wide.addEventListener('change', () => { byID('toc').open = wide.matches; search() })
showContents(false)
field.addEventListener('input', search)
byID('all').addEventListener('click', () => { clear(); field.focus() })
document.addEventListener('keydown', onKey)
addEventListener('hashchange', reveal)
addEventListener('beforeprint', openAll)
addEventListener('afterprint', closeAgain)
