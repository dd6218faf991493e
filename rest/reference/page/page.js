// Shows the OpenAPI document beside this page. Where that takes a key, the page asks
// for one. Requests are tried with the key that the pages of the gateway keep.
import { keep, kept } from '../../../assets/key.js'

const ask = document.getElementById('ask')
const key = document.getElementById('key')
const reference = document.getElementById('reference')

// Swagger UI does not tell screen readers what is chosen from its lists.
function nameLists() {
  for (const list of reference.querySelectorAll('select:not([aria-label])')) {
    const parameter = list.closest('[data-param-name]')?.dataset.paramName
    list.setAttribute('aria-label', parameter ?? (list.id === 'servers' ? 'Server' : 'Media type'))
  }
}

function show(spec, given) {
  const ui = SwaggerUIBundle({
    spec,
    dom_id: '#reference',
    deepLinking: true,
    displayRequestDuration: true,
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
    tryItOutEnabled: true,
    validatorUrl: null,
    onComplete: () => { if (given) ui.preauthorizeApiKey('bearer', given) },
  })
}

async function open() {
  const given = key.value.trim()
  const answer = await fetch('../openapi.json', given ? { headers: { Authorization: `Bearer ${given}` } } : {})
  if (answer.ok) {
    const spec = await answer.json()
    ask.hidden = true
    show(spec, given)
    return
  }
  const { error } = await answer.json().catch(() => ({}))
  document.getElementById('why').textContent = error ?? `The gateway answered ${answer.status}.`
  ask.hidden = false
  key.focus()
}

function tell(error) {
  document.getElementById('why').textContent = `The document cannot be had: ${error.message}`
  ask.hidden = false
}

ask.addEventListener('submit', (event) => {
  event.preventDefault()
  keep(key.value.trim(), kept().onDevice)
  open().catch(tell)
})
new MutationObserver(nameLists).observe(reference, { childList: true, subtree: true })
key.value = kept().key || key.value
open().catch(tell)
