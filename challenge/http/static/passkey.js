// Passkeys: the browser's own dialogue asks for one; then the form is sent like any other.
const known = window.PublicKeyCredential
const isAble = Boolean(known?.parseCreationOptionsFromJSON && known.parseRequestOptionsFromJSON)

for (const form of document.querySelectorAll('form[data-passkey]')) {
  form.hidden = false
  form.nextElementSibling.remove() // what is said to browsers without scripts
  const said = form.querySelector('[data-said]')
  const say = text => { said.textContent = text; said.hidden = !text }
  form.addEventListener('submit', async event => {
    event.preventDefault()
    say('')
    if (!isAble) return say(form.dataset.unsupported)
    try {
      const answer = await fetch(form.dataset.options, { method: 'POST', headers: { accept: 'application/json' } })
      const sent = await answer.json()
      if (!answer.ok) return say(sent.title)
      const credential = form.dataset.passkey === 'create'
        ? await navigator.credentials.create({ publicKey: known.parseCreationOptionsFromJSON(sent) })
        : await navigator.credentials.get({ publicKey: known.parseRequestOptionsFromJSON(sent) })
      form.elements.credential.value = JSON.stringify(credential)
      form.submit()
    } catch { // closed, refused, or none there: browsers do not say which
      say(form.dataset.cancelled)
    }
  })
}
