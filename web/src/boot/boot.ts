import { boot as de } from '../text/de/boot'
import { boot as en } from '../text/en/boot'
import { checkPage, Refused, type Refusal } from './check'

// What index.html loads, pinned there by its hash: checks everything else, then starts the page.

const words = navigator.language.startsWith('de') ? de : en

if (SALUS_PAGE_KEY === '') (await import('../main')).show(null) // a build without a signature, for work on the page itself
else await start()

async function start(): Promise<void> {
  let manifest
  try {
    manifest = await checkPage(new URL('./', location.href), SALUS_PAGE_KEY)
  } catch (failure) {
    refuse(failure instanceof Refused ? failure.refusal : { reason: 'missing', file: String(failure) })
    return
  }
  const page = await import('../main')
  page.show(manifest)
}

function refuse(refusal: Refusal): void {
  const [title, what, todo] = ['h1', 'p', 'p'].map(name => document.createElement(name)) as [HTMLElement, HTMLElement, HTMLElement]
  title.textContent = words.title
  what.textContent = 'file' in refusal ? words[refusal.reason](refusal.file) : words[refusal.reason]
  todo.textContent = refusal.reason === 'browser' ? words.newer : words.todo
  const alarm = document.createElement('main')
  alarm.setAttribute('role', 'alert')
  alarm.lang = words.language
  alarm.dataset['refusal'] = refusal.reason
  alarm.append(title, what, todo)
  document.getElementById('page')!.replaceChildren(alarm)
}
