// Page behaviour: library start-up and small enhancements. Every page works without it.
import { createAll, initAll } from './vendor/govuk-frontend.min.js'
import { autosave } from './autosave.js'
import { here } from './here.js'
import { isThere } from './unsent.js'

document.body.classList.add('js-enabled', 'govuk-frontend-supported')

// Everything a piece of page needs once; called again for what htmx brings in.
function start (root) {
  for (const form of root.querySelectorAll('form[data-autosave]')) autosave(form) // before the counters read their fields
  for (const form of root.querySelectorAll('form[data-here-url]')) here(form)
  initAll({ scope: root === document ? undefined : root, onError: error => { if (error.name !== 'InitError') console.error(error) } })
  if (root.querySelector('[data-module="moj-sortable-table"]')) {
    import('./vendor/moj-frontend.min.js').then(({ SortableTable }) => createAll(SortableTable, undefined, root === document ? undefined : root))
  }
  if (root.querySelector('[data-figure]')) import('./figures.js').then(({ drawAll }) => drawAll(root))
}
start(document)

// htmx only where a page asks for it; it injects nothing and evaluates nothing (see the meta element of the layout).
if (document.querySelector('[hx-boost], [hx-boost\\:inherited], [hx-get], [hx-post]')) {
  document.addEventListener('htmx:after:swap', event => start(event.target instanceof Element ? event.target : document))
  import('./vendor/htmx.min.js')
}

// Blocked buttons stay focusable so that their reason (aria-describedby) can be read.
document.addEventListener('click', event => { if (event.target.closest('[aria-disabled="true"]')) event.preventDefault() })

// Signing out removes what this browser keeps of forms: whoever has text that is not saved yet is told once.
document.addEventListener('submit', event => {
  const form = event.target
  if (!form.dataset.unsent || form.dataset.told || !isThere()) return
  event.preventDefault()
  form.dataset.told = 'yes'
  form.append(Object.assign(document.createElement('p'), { className: 'why', role: 'alert', textContent: form.dataset.unsent }))
})

// Scoring by keyboard: a digit chooses the mark, a second one at once makes it 10 and more, "." adds a half; arrows are the radios' own.
let typed = { scale: null, digits: '', at: 0 }
document.addEventListener('keydown', event => {
  const scale = event.target.closest?.('.score__scale')
  if (!scale || event.ctrlKey || event.metaKey || event.altKey) return
  const of = mark => scale.querySelector(`[value="${mark}"]`), now = Math.floor(Number(scale.querySelector(':checked')?.value ?? 0))
  let radio = /^[.,]$/.test(event.key) ? of(now + 0.5) : null
  if (/^\d$/.test(event.key)) {
    const both = typed.scale === scale && event.timeStamp - typed.at < 1000 && typed.digits !== '0' ? typed.digits + event.key : ''
    radio = (both && of(both)) || of(event.key)
    typed = { scale, digits: event.key, at: event.timeStamp }
  }
  if (radio) { event.preventDefault(); radio.focus(); radio.click() }
})

// A chosen mark says its word, and the form adds the marks up.
document.addEventListener('change', event => {
  const score = event.target.closest?.('.score')
  if (!score || event.target.type !== 'radio') return
  const word = score.querySelector('output'), mark = document.createElement('b')
  mark.className = 'num'; mark.textContent = event.target.dataset.mark
  word?.replaceChildren(mark, ' ', event.target.dataset.says ?? '')
  const sum = score.form?.querySelector('[data-sum]') ?? score.closest('form')?.querySelector('[data-sum]')
  if (sum) sum.textContent = [...score.closest('form').querySelectorAll('.score__scale :checked')].reduce((total, radio) => total + Number(radio.value), 0).toLocaleString(document.documentElement.lang)
})

addEventListener('beforeprint', () => { for (const details of document.querySelectorAll('.figure details')) details.open = true })
