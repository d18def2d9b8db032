// Keeps what is typed: <form data-autosave="/url"> is sent 1.5 s after the last key and when a field is left.
//
// The server answers {"version": 4, "text": "Saved 16:20:07"}; 409 and other refusals answer {"url": "…", "text": "…"} or problem+json.
// What is not yet on the server stays in sessionStorage and comes back when the page is opened again.
// Texts of the form: data-saving, data-offline, data-refused, data-conflict, data-kept, data-sign-in; the state is told in [data-saved].
const QUIET = 1500, SLOW = 800, FIRST_WAIT = 2000, LONGEST_WAIT = 60000, KEEPALIVE_BYTES = 60000
const tones = { saved: 'tag--moss', busy: 'tag--plum', waiting: 'tag--sun', refused: 'tag--rose' }
const started = new WeakSet()

const entriesOf = form => [...new FormData(form)].filter(([name, value]) => typeof value === 'string' && form.elements[name]?.type !== 'password')
const answersOf = entries => JSON.stringify(entries.filter(([name]) => name !== 'version').map(([name, value]) => [name, value.replace(/\r\n?/g, '\n')]))

function tell (form, tone, text, url, target = '') {
  for (const place of document.querySelectorAll('[data-saved]')) {
    if (url) { const link = document.createElement('a'); link.className = 'govuk-link'; link.href = url; link.target = target; link.textContent = text; place.replaceChildren(link) } else place.textContent = text
    place.classList.remove(...Object.values(tones)); place.classList.add(tones[tone])
    place.hidden = false
  }
  if (tone === 'busy' || form.dataset.state === tone) return // screen readers hear a change of state, not every minute of it
  form.dataset.state = tone
  for (const place of document.querySelectorAll('[data-saved-state]')) place.textContent = text
}

function fill (form, entries) {
  const left = Map.groupBy ? Map.groupBy(entries, ([name]) => name) : entries.reduce((map, entry) => map.set(entry[0], [...(map.get(entry[0]) ?? []), entry]), new Map())
  for (const field of form.elements) {
    const values = (left.get(field.name) ?? []).map(([, value]) => value)
    if (!field.name || field.disabled || ['hidden', 'file', 'submit', 'button', 'password'].includes(field.type)) continue
    if (field.type === 'checkbox' || field.type === 'radio') field.checked = values.includes(field.value)
    else if (field.type === 'select-multiple') for (const option of field.options) option.selected = values.includes(option.value)
    else if (values.length) { field.value = values[0]; left.get(field.name).shift() }
  }
}

// Another version stands on the server: what was typed here is shown to be copied, never written over it.
function showKept (form, entries) {
  const block = document.createElement('details'), head = document.createElement('summary'), body = document.createElement('div')
  block.className = 'govuk-details'; head.className = 'govuk-details__summary'; body.className = 'govuk-details__text'
  head.append(Object.assign(document.createElement('span'), { className: 'govuk-details__summary-text', textContent: form.dataset.kept }))
  for (const [name, value] of entries) {
    const field = form.elements[name]
    if (name === 'version' || !value.trim() || !field || field instanceof RadioNodeList || !['text', 'textarea'].includes(field.type) || field.value === value) continue
    const label = Object.assign(document.createElement('p'), { className: 'govuk-label', textContent: field.labels?.[0]?.textContent.trim() ?? name })
    body.append(label, Object.assign(document.createElement('p'), { className: 'kept', textContent: value }))
  }
  if (body.childElementCount) { block.append(head, body); form.prepend(block) }
}

export function autosave (form) {
  if (started.has(form)) return
  started.add(form)
  const url = form.dataset.autosave, key = 'autosave:' + url, version = () => form.elements.version
  let timer = 0, wait = FIRST_WAIT, running = null, stopped = false
  let saved = answersOf(entriesOf(form))
  const isDirty = () => answersOf(entriesOf(form)) !== saved
  const keep = () => { try { sessionStorage.setItem(key, JSON.stringify(entriesOf(form))) } catch { /* full or forbidden: the form still holds it */ } }
  const later = (milliseconds, act) => { clearTimeout(timer); timer = setTimeout(act, milliseconds) }

  const kept = JSON.parse(sessionStorage.getItem(key) ?? 'null')
  if (kept && answersOf(kept) === saved) sessionStorage.removeItem(key)
  else if (kept && new Map(kept).get('version') === version()?.value) { fill(form, kept); later(0, save) } else if (kept) showKept(form, kept)

  async function send (keepalive) {
    const entries = entriesOf(form), answers = answersOf(entries), body = new URLSearchParams(entries)
    const slow = setTimeout(() => tell(form, 'busy', form.dataset.saving), SLOW)
    let response
    try {
      response = await fetch(url, { method: 'POST', body, headers: { Accept: 'application/json' }, keepalive: keepalive && body.toString().length < KEEPALIVE_BYTES })
    } catch { return retry() } finally { clearTimeout(slow) }
    if (response.status === 429 || response.status >= 500) return retry(Number(response.headers.get('Retry-After')) * 1000)
    const answer = await response.json().catch(() => ({}))
    wait = FIRST_WAIT
    if (response.ok) {
      saved = answers
      if (version() && answer.version !== undefined) version().value = answer.version
      if (isDirty()) { keep(); later(QUIET, save) } else sessionStorage.removeItem(key)
      tell(form, 'saved', answer.text)
    } else if (response.status === 401) { // the text waits here until one has signed in, in another tab, and is back
      tell(form, 'refused', form.dataset.signIn, `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`, '_blank')
    } else {
      stopped = response.status === 409 && !answer.url
      if (answer.url) { saved = answers; if (isDirty()) later(QUIET, save) } // kept on the server, beside the other text
      tell(form, 'refused', answer.text ?? answer.title ?? (response.status === 409 ? form.dataset.conflict : form.dataset.refused), answer.url)
    }
  }
  function retry (least = 0) {
    tell(form, 'waiting', form.dataset.offline)
    later(Math.max(wait, least || 0), save); wait = Math.min(wait * 2, LONGEST_WAIT)
  }
  function save (keepalive = false) {
    clearTimeout(timer)
    if (stopped || !isDirty()) return running
    running ??= send(keepalive === true).finally(() => { running = null })
    return running
  }

  form.addEventListener('input', () => { keep(); later(QUIET, save) })
  form.addEventListener('change', () => { keep(); later(QUIET, save) })
  form.addEventListener('focusout', event => { if (event.target.matches('input, textarea, select') && isDirty()) save() })
  form.addEventListener('submit', event => {
    clearTimeout(timer)
    if (!running) return
    event.preventDefault() // the answer brings the version this submission must carry
    running.finally(() => form.requestSubmit(event.submitter))
  })
  addEventListener('online', () => save())
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') save(true); else if (form.dataset.state === 'refused') save() })
  addEventListener('focus', () => { if (form.dataset.state === 'refused') save() })
}
