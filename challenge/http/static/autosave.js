// Keeps what is typed: <form data-autosave="/url"> is sent 1.5 s after the last key and when a field is left.
//
// The server answers {"text": "Saved 16:20:07"} with {"bases": {question: name of the text that stands}, "fresh": {question: its
// fields, as somebody else wrote them}}, or {"version": 4}; 409 and other refusals answer {"url": "…", "text": "…", "late": [questions]}
// or problem+json. What is not yet on the server stays in the browser (unsent.js) and is sent when the page is opened again.
// Texts of the form: data-saving, data-offline, data-refused, data-conflict, data-kept, data-sign-in; the state is told in [data-saved].
import { unsent } from './unsent.js'

const QUIET = 1500, SLOW = 800, FIRST_WAIT = 2000, LONGEST_WAIT = 60000, KEEPALIVE_BYTES = 60000, BASE = 'base-'
const tones = { saved: 'tag--moss', busy: 'tag--plum', waiting: 'tag--sun', refused: 'tag--rose' }
const started = new WeakSet()
const isControl = name => name.startsWith(BASE) || ['version', 'sitting', 'person'].includes(name)
const entriesOf = form => [...new FormData(form)].filter(([name, value]) => typeof value === 'string' && form.elements[name]?.type !== 'password')
  .map(([name, value]) => [name, value.replace(/\r\n?/g, '\n')])
export const questionOf = field => field.closest('[data-question]')?.dataset.question ?? field.name

// Every question of the form with what its fields hold, as one text each.
function answersOf (form) {
  const questions = new Map([...form.elements].filter(field => field.name && !isControl(field.name)).map(field => [field.name, questionOf(field)]))
  const found = new Map([...questions.values()].map(question => [question, []]))
  for (const [name, value] of entriesOf(form)) if (!isControl(name)) found.get(questions.get(name)).push([name, value])
  return new Map([...found].map(([question, entries]) => [question, JSON.stringify(entries)]))
}

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

// Put what somebody else wrote into the fields of one question.
function fill (form, question, entries) {
  for (const field of form.elements) {
    if (!field.name || isControl(field.name) || questionOf(field) !== question || ['file', 'submit', 'button', 'password'].includes(field.type)) continue
    const values = entries.filter(([name]) => name === field.name).map(([, value]) => value)
    if (field.type === 'checkbox' || field.type === 'radio') field.checked = values.includes(field.value)
    else if (field.type === 'select-multiple') for (const option of field.options) option.selected = values.includes(option.value)
    else if (field.value !== (values[0] ?? '')) { field.value = values[0] ?? ''; field.dispatchEvent(new Event('keyup')) } // the word counters look
  }
}

// What was typed on a page that is gone, to be read and copied.
function showKept (form, contents) {
  const block = document.createElement('details'), head = document.createElement('summary'), body = document.createElement('div')
  block.className = 'govuk-details'; head.className = 'govuk-details__summary'; body.className = 'govuk-details__text'
  head.append(Object.assign(document.createElement('span'), { className: 'govuk-details__summary-text', textContent: form.dataset.kept }))
  for (const [name, value] of contents.flatMap(({ entries }) => entries)) {
    const field = form.elements[name]
    if (isControl(name) || !value.trim() || !field || field instanceof RadioNodeList || !['text', 'textarea'].includes(field.type)) continue
    const label = Object.assign(document.createElement('p'), { className: 'govuk-label', textContent: field.labels?.[0]?.textContent.trim() ?? name })
    body.append(label, Object.assign(document.createElement('p'), { className: 'kept', textContent: value }))
  }
  if (body.childElementCount) { block.append(head, body); form.prepend(block) }
}

export function autosave (form) {
  if (started.has(form)) return
  started.add(form)
  const url = form.dataset.autosave, store = unsent(form, form.elements.sitting?.value ?? '')
  let timer = 0, wait = FIRST_WAIT, running = null, stopped = false
  const saved = answersOf(form)
  const dirty = () => [...answersOf(form)].filter(([question, text]) => saved.get(question) !== text).map(([question]) => question)
  const isDirty = () => dirty().length > 0
  const later = (milliseconds, act) => { clearTimeout(timer); timer = setTimeout(act, milliseconds) }
  const isWhole = !form.querySelector(`[name^="${BASE}"]`) // one version for all answers: they are sent and kept together
  const post = (body, keepalive = false) => fetch(url, { method: 'POST', body, headers: { Accept: 'application/json' }, keepalive: keepalive && body.toString().length < KEEPALIVE_BYTES })

  function keep () {
    const open = dirty()
    if (!open.length) return store.drop()
    if (isWhole) return store.put({ entries: entriesOf(form) })
    const now = answersOf(form), controls = entriesOf(form).filter(([name]) => isControl(name) && (!name.startsWith(BASE) || open.includes(name.slice(BASE.length))))
    store.put({ entries: [...controls, ...open.flatMap(question => JSON.parse(now.get(question)))] })
  }

  // What the pages before this one could not send goes now, over the texts it was typed over; then this page is brought up to date.
  async function catchUp () {
    const left = await store.left()
    for (const [key, { entries }] of left) {
      let response
      if (isWhole) {
        store.drop(key)
        if (new Map(entries).get('version') !== form.elements.version?.value) continue // shown to be copied, never written over it
        for (const question of answersOf(form).keys()) fill(form, question, entries)
        keep(); return later(0, save)
      }
      try { response = await post(new URLSearchParams(entries)) } catch { return tell(form, 'waiting', form.dataset.offline) }
      if (!response.ok && response.status !== 409) return
      store.drop(key)
      const answer = await response.json()
      if (answer.url) tell(form, 'refused', answer.text, answer.url)
    }
    if (left.length) { showKept(form, left.map(([, content]) => content)); if (!isWhole) await refresh() }
  }

  async function send (keepalive) {
    const sent = answersOf(form), body = new URLSearchParams(entriesOf(form))
    const slow = setTimeout(() => tell(form, 'busy', form.dataset.saving), SLOW)
    let response
    try { response = await post(body, keepalive) } catch { return retry() } finally { clearTimeout(slow) }
    if (response.status === 429 || response.status >= 500) return retry(Number(response.headers.get('Retry-After')) * 1000)
    const answer = await response.json().catch(() => ({}))
    wait = FIRST_WAIT
    if (response.ok || answer.url) {
      settle(sent, answer, response.ok)
      keep()
      if (isDirty()) later(QUIET, save)
    } else stopped = response.status === 409
    if (response.ok) tell(form, 'saved', answer.text)
    else if (response.status === 401) tell(form, 'refused', form.dataset.signIn, `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`, '_blank') // the text waits here until one has signed in, in another tab, and is back
    else tell(form, 'refused', answer.text ?? answer.title ?? (response.status === 409 ? form.dataset.conflict : form.dataset.refused), answer.url)
  }

  // What was sent is on the server now: taken, or kept beside the other text. What others wrote comes into fields nobody touched.
  function settle (sent, answer, isTaken) {
    const now = answersOf(form)
    for (const [question, text] of sent) {
      const entries = answer.fresh?.[question], base = form.elements[BASE + question]
      if (!entries) saved.set(question, text)
      else if (now.get(question) === text) { fill(form, question, entries); saved.set(question, answersOf(form).get(question)) } else continue
      if (base && answer.bases?.[question] !== undefined) base.value = answer.bases[question]
    }
    if (isTaken && form.elements.version && answer.version !== undefined) form.elements.version.value = answer.version
  }

  function retry (least = 0) {
    tell(form, 'waiting', form.dataset.offline)
    later(Math.max(wait, least || 0), save); wait = Math.min(wait * 2, LONGEST_WAIT)
  }
  function save (keepalive = false) {
    clearTimeout(timer)
    if (stopped || !isDirty()) return running
    return refresh(keepalive === true)
  }
  function refresh (keepalive = false) {
    running ??= send(keepalive).finally(() => { running = null })
    return running
  }

  form.addEventListener('input', () => { keep(); later(QUIET, save) })
  form.addEventListener('change', () => { keep(); later(QUIET, save) })
  form.addEventListener('focusout', event => { if (event.target.matches('input, textarea, select') && isDirty()) save() })
  form.addEventListener('refresh', () => { if (!stopped) refresh() }) // somebody else saved (here.js)
  form.addEventListener('submit', event => {
    clearTimeout(timer)
    if (!running) return
    event.preventDefault() // the answer brings the version this submission must carry
    running.finally(() => form.requestSubmit(event.submitter))
  })
  addEventListener('online', () => save())
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') save(true); else if (form.dataset.state === 'refused') save() })
  addEventListener('focus', () => { if (form.dataset.state === 'refused') save() })
  catchUp()
}
