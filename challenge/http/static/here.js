// Who else is at this form and at which question: told when one moves to another question, and every so often.
//
// <form data-here-url="/url"> is answered {"here": [{"name", "question", "text"}], "saved_at": "…"}; they are shown in [data-here].
// When somebody else has saved, the form is asked to fetch what they wrote.
import { questionOf } from './autosave.js'

const OFTEN = 20000, SOON = 400

export function here (form) {
  const url = form.dataset.hereUrl
  let question = '', timer = 0, savedAt
  const later = milliseconds => { clearTimeout(timer); timer = setTimeout(ask, milliseconds) }

  async function ask () {
    if (document.visibilityState === 'visible') {
      try {
        const response = await fetch(url, { method: 'POST', body: new URLSearchParams({ question }), headers: { Accept: 'application/json' } })
        if (response.ok) show(await response.json())
      } catch { /* no connection: the form says so */ }
    }
    later(OFTEN)
  }

  function show (answer) {
    for (const place of document.querySelectorAll('[data-here]')) {
      place.replaceChildren(...answer.here.map(({ name, text }) => {
        const line = document.createElement('span'), dot = document.createElement('span')
        line.className = 'who'; dot.className = 'dot dot--b'; dot.setAttribute('aria-hidden', 'true'); dot.textContent = name.slice(0, 1)
        line.append(dot, text)
        return line
      }))
    }
    if (savedAt !== undefined && savedAt !== answer.saved_at) form.dispatchEvent(new Event('refresh'))
    savedAt = answer.saved_at
  }

  form.addEventListener('focusin', event => {
    const at = event.target.matches('input, textarea, select') ? questionOf(event.target) : ''
    if (at && at !== question) { question = at; later(SOON) }
  })
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'visible') later(0) })
  addEventListener('pagehide', () => navigator.sendBeacon(url, new URLSearchParams({ leaving: '1' })))
  ask()
}
