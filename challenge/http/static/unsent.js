// What somebody typed and the server has not got yet, kept in this browser: for that person, that form and that open page.
//
// It is written so that only its writer can read it: the key comes with their pages and is not kept here. Without a key
// (a form that gives none, a browser that cannot encrypt) it lives as long as the tab. Signing out removes all of it.
const PREFIX = 'unsent:', LONGEST = 30 * 24 * 3600 * 1000
const bytesOf = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0))
const textOf = bytes => btoa(Array.from(new Uint8Array(bytes), byte => String.fromCharCode(byte)).join(''))

export const isThere = () => { try { return Object.keys(localStorage).some(key => key.startsWith(PREFIX)) } catch { return false } }

export function unsent (form, page) {
  const { person = '', key = '' } = form.dataset, isSealed = Boolean(person && key && globalThis.crypto?.subtle)
  const store = isSealed ? localStorage : sessionStorage, place = `${PREFIX}${person}:${form.dataset.autosave}:`
  const sealing = isSealed ? crypto.subtle.importKey('raw', bytesOf(key), 'AES-GCM', false, ['encrypt', 'decrypt']) : null
  let last = 0
  navigator.locks?.request(place + page, () => new Promise(() => {})) // held as long as this page is open

  const seal = async content => {
    if (!isSealed) return JSON.stringify(content)
    const iv = crypto.getRandomValues(new Uint8Array(12))
    const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await sealing, new TextEncoder().encode(JSON.stringify(content)))
    return JSON.stringify({ at: Date.now(), iv: textOf(iv), sealed: textOf(sealed) })
  }
  const open = async kept => {
    const found = JSON.parse(kept)
    if (!isSealed) return found
    return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: bytesOf(found.iv) }, await sealing, bytesOf(found.sealed))))
  }

  return {
    async put (content) {
      const turn = ++last // an older text that took longer to seal is not written over a newer one
      const sealed = await seal(content)
      try { if (turn === last) store.setItem(place + page, sealed) } catch { /* full or forbidden: the form still holds it */ }
    },
    drop (which = place + page) { if (which === place + page) last++; store.removeItem(which) },
    // What pages that are gone have left: [[key, content], …].
    async left () {
      const held = new Set((await navigator.locks?.query())?.held.map(lock => lock.name)), found = []
      for (const key of Object.keys(store)) {
        if (!key.startsWith(PREFIX)) continue
        const kept = store.getItem(key)
        if (isSealed && !(Date.now() - JSON.parse(kept).at < LONGEST)) store.removeItem(key)
        else if (key.startsWith(place) && !held.has(key)) await open(kept).then(content => found.push([key, content]), () => {}) // not readable: of another key
      }
      return found
    }
  }
}
