// Shows the OpenAPI document beside this page. Where that takes a key, the page asks
// for one; a key is kept as long as the page is open, and nowhere else.
const ask = document.getElementById('ask')
const key = document.getElementById('key')

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
  open().catch(tell)
})
open().catch(tell)
