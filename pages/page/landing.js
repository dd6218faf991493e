// The first page: whether Odoo answers, what the key may do, and requests to copy.
import { keep, kept } from './key.js'

const byID = (id) => document.getElementById(id)
const field = byID('key')
const device = byID('keep')
const why = byID('why')
const facts = byID('facts')
const open = field.value // that everybody may know, or ""
const masked = 'odg_••••••••'

function element(name, text, className) {
  const made = document.createElement(name)
  if (text) made.textContent = text
  if (className) made.className = className
  return made
}

async function showState() {
  const state = byID('state')
  const say = (text, className) => { state.textContent = text; state.className = `state ${className}` }
  try {
    const answer = await fetch('readyz')
    const health = await answer.json()
    if (answer.ok) say('The gateway runs and Odoo answers.', 'ok')
    else say(health.message ?? 'Odoo does not answer.', 'bad')
  } catch {
    say('The gateway does not answer.', 'bad')
  }
}

// Requests to copy. What is shown hides the key, unless everybody may know it.

const query = '{ viewer { name } }'
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`
const endpoint = () => new URL('graphql', document.baseURI).href

const requests = {
  curl: (key) => [
    `curl -s ${endpoint()}`,
    `  -H ${quoted(`Authorization: Bearer ${key}`)}`,
    `  -H 'Content-Type: application/json'`,
    `  -d ${quoted(JSON.stringify({ query }))}`,
  ].join(' \\\n'),
  fetch: (key) => `const answer = await fetch(${JSON.stringify(endpoint())}, {
  method: "POST",
  headers: {
    Authorization: ${JSON.stringify(`Bearer ${key}`)},
    "Content-Type": "application/json",
  },
  body: JSON.stringify({ query: ${JSON.stringify(query)} }),
})
console.log(await answer.json())`,
}

function showRequests() {
  const key = field.value.trim()
  const shown = key && key !== open ? masked : key || 'YOUR_KEY'
  for (const [id, request] of Object.entries(requests)) byID(id).textContent = request(shown)
}

async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text)
  const area = element('textarea', text) // pages without TLS have no clipboard
  document.body.append(area)
  area.select()
  const done = document.execCommand('copy')
  area.remove()
  if (!done) throw new Error('the browser does not let it')
}

async function copyRequest(event) {
  const key = field.value.trim()
  const note = byID('copied')
  try {
    await copy(requests[event.currentTarget.dataset.copies](key || 'YOUR_KEY'))
    note.textContent = key ? 'Copied, with the key in it.' : 'Copied: put your key in the place of YOUR_KEY.'
  } catch (error) {
    note.textContent = `It could not be copied: ${error.message}`
  }
}

// What the key may do.

const day = (text) => new Date(text).toLocaleDateString(undefined, { dateStyle: 'long' })
const number = (n) => n.toLocaleString()

function fact(term, ...values) {
  const detail = element('dd')
  detail.append(...values)
  facts.append(element('dt', term), detail)
}

function showKey(key) {
  const name = element('span', key.name || key.id)
  if (key.expiresAt) name.append(element('span', `, until ${day(key.expiresAt)}`, 'muted'))
  fact('Key', name)
  fact('May', ...(key.scopes.length ? key.scopes.map((s) => element('span', s === '*' ? 'everything (*)' : s, 'badge')) : ['nothing']))
  if (key.documents === 'only') fact('Documents', 'the trusted ones alone')
  const { requests: rate, costCapacity, costRestore } = key.limits
  fact('Limits', `${number(rate)} requests a minute; ${number(costCapacity)} points of cost, of which ${number(costRestore)} come back each second`)
}

function showGaps(gaps) {
  if (gaps.length === 0) {
    fact('Schema', 'This Odoo has all of it.')
    return
  }
  const details = element('details')
  details.append(element('summary', gaps.length === 1 ? 'This Odoo lacks one part of it' : `This Odoo lacks ${gaps.length} parts of it`))
  const list = element('ul')
  for (const gap of gaps) {
    const item = element('li')
    item.append(element('code', gap.element), ` ${gap.reason} ${gap.reads === 'null' ? 'It reads as null.' : 'Asking for it is an error.'}`)
    list.append(item)
  }
  details.append(list)
  fact('Schema', details)
}

function show({ gateway, odoo, key, gaps }) {
  facts.replaceChildren()
  const commit = gateway.commit ? `, commit ${gateway.commit.slice(0, 10)}` : ''
  fact('Gateway', `odoograph ${gateway.version || 'of unknown version'}${commit}`)
  if (odoo.version) fact('Odoo', `${odoo.version}, reached by ${odoo.protocol}`)
  else fact('Odoo', element('span', odoo.problem, 'bad'))
  showKey(key)
  if (gaps) showGaps(gaps)
  facts.hidden = false
}

async function ask() {
  const key = field.value.trim()
  facts.hidden = true
  why.className = ''
  why.textContent = ''
  if (!key) return
  try {
    const answer = await fetch('about', { headers: { Authorization: `Bearer ${key}` } })
    const body = await answer.json()
    if (answer.ok) {
      show(body)
      return
    }
    why.textContent = body.errors?.[0]?.message ?? `The gateway answered ${answer.status}.`
  } catch {
    why.textContent = 'The gateway does not answer.'
  }
  why.className = 'bad'
}

const { key, onDevice } = kept()
field.value = key || open
device.checked = onDevice
byID('ask').hidden = false
byID('samples').hidden = false
byID('ask').addEventListener('submit', (event) => {
  event.preventDefault()
  if (!field.value.trim()) {
    why.textContent = 'Type an API key first.'
    field.focus()
    keep('', false)
    facts.hidden = true
    return
  }
  ask()
})
for (const changed of [field, device]) {
  changed.addEventListener('change', () => keep(field.value.trim() === open ? '' : field.value.trim(), device.checked))
}
field.addEventListener('input', showRequests)
for (const button of document.querySelectorAll('[data-copies]')) button.addEventListener('click', copyRequest)
showRequests()
showState()
ask()
