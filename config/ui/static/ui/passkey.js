// Passkeys: a form with data-passkey asks the browser for one and sends what the device answers.
//   data-passkey="make"   makes one; data-passkey="show" shows one. The question stands in the <script> named by
//   data-question, or is fetched from data-fetch when it is needed. What goes wrong is said in the form's [data-passkey-said].
(() => {
  'use strict'

  const able = 'PublicKeyCredential' in window && 'parseRequestOptionsFromJSON' in PublicKeyCredential

  async function question (form) {
    if (form.dataset.fetch) {
      const answer = await fetch(form.dataset.fetch, { headers: { Accept: 'application/json' } })
      if (!answer.ok) throw new Error('no question')
      return answer.json()
    }
    return JSON.parse(document.getElementById(form.dataset.question).textContent)
  }

  async function ask (form) {
    const { publicKey } = await question(form)
    if (form.dataset.passkey === 'make') {
      return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) })
    }
    return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) })
  }

  for (const form of document.querySelectorAll('form[data-passkey]')) {
    const said = form.querySelector('[data-passkey-said]')
    const say = words => { said.textContent = words; said.hidden = !words }
    if (!able) {
      say(said.dataset.unable)
      for (const button of form.querySelectorAll('button[type=submit]')) button.disabled = true
      continue
    }
    let busy = false
    form.addEventListener('submit', async event => {
      if (form.elements.credential.value) return
      event.preventDefault()
      if (busy) return
      busy = true
      say('')
      try {
        const credential = await ask(form)
        form.elements.credential.value = JSON.stringify(credential.toJSON())
        form.submit()
      } catch {
        say(said.dataset.failed)
      } finally {
        busy = false
      }
    })
  }
})()
