import { button, element, note } from '../dom'
import type { View } from '../main'
import { readDicom } from './dataset'
import { headerTable } from './header'
import { frameOf, PixelFailure, shapeOf, type Frame } from './pixels'
import { fullWindow, meaningOf, render, type Window } from './render'

// The window values that radiology uses for computed tomography, in Hounsfield units.
const windows: Record<keyof View['text']['windowNames'], Window> = {
  bone: { center: 300, width: 1500 }, lung: { center: -600, width: 1500 }, softTissue: { center: 50, width: 400 }, brain: { center: 40, width: 80 },
}

export async function showDicom(view: View): Promise<void> {
  const { content, root, text, fail } = view
  const file = await readDicom(new Uint8Array(await content.arrayBuffer()))
  const shape = shapeOf(file.dataSet)
  if (file.cut) root.append(note(text.cutFile))
  if (!shape) {
    root.append(note(text.noImage), headerTable(file, view))
    root.querySelector('details')!.open = true
    return
  }
  const meaning = meaningOf(file.dataSet)
  let frame: Frame
  try {
    frame = await frameOf(file.dataSet, file.transferSyntax, shape, 0)
  } catch (problem) {
    fail(problem instanceof PixelFailure && problem.reason === 'coding' ? 'coding' : 'damaged')
    root.append(headerTable(file, view))
    return
  }

  const grey = frame.samples === 1 && frame.photometric !== 'PALETTE COLOR'
  const initial = () => meaning.window ?? fullWindow(frame, meaning)
  let [index, window, invert, scale, pending] = [0, initial(), false, 1, 0]

  const canvas = element('canvas', { class: 'dicom', role: 'img', 'aria-label': `${text.dicomImage}: ${view.name}` })
  const stage = element('div', { class: 'stage dark', tabindex: 0, role: 'application', 'aria-label': `${text.dicomImage}. ${grey ? text.dragHelp : ''} ${text.dicomHelp}` }, canvas)
  const state = element('output', { 'aria-live': 'polite' })
  const place = element('output', { 'aria-live': 'polite' })
  const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 0 })

  function draw(): void {
    pending = 0
    canvas.width = frame.columns
    canvas.height = frame.rows
    const image = new ImageData(frame.columns, frame.rows)
    render(frame, meaning, window, invert, image.data)
    canvas.getContext('2d')!.putImageData(image, 0, 0)
    canvas.style.inlineSize = `${Math.round(Math.min(stage.clientWidth || frame.columns, frame.columns < 256 ? 512 : frame.columns * 1.5) * scale)}px`
    if (grey) state.textContent = text.windowNow(number.format(window.center), number.format(window.width))
    place.textContent = shape!.frames > 1 ? text.frameOf(index + 1, shape!.frames) : ''
    previous.disabled = index === 0
    next.disabled = index === shape!.frames - 1
  }
  const later = () => { pending ||= requestAnimationFrame(draw) }

  function move(level: number, width: number): void {
    if (!grey) return
    window = { center: window.center + level, width: Math.max(1, window.width + width) }
    sliders?.set()
    later()
  }
  const zoom = (factor: number) => { scale = Math.max(0.25, Math.min(8, scale * factor)); later() }
  const flip = () => { invert = !invert; later() }
  const set = (to: Window) => { window = { ...to }; sliders?.set(); later() }

  async function go(to: number): Promise<void> {
    const wanted = Math.max(0, Math.min(shape!.frames - 1, to))
    if (wanted === index) return
    index = wanted
    try {
      const shown = await frameOf(file.dataSet, file.transferSyntax, shape!, wanted)
      // Another one may have been asked for meanwhile.
      if (index !== wanted) return
      frame = shown
      later()
    } catch {
      state.textContent = text.damaged
    }
  }

  const previous = button(text.previousFrame, () => void go(index - 1))
  const next = button(text.nextFrame, () => void go(index + 1))
  const tools = element('div', { class: 'tools' })
  if (shape.frames > 1) tools.append(previous, place, next)
  if (grey) tools.append(presets())
  tools.append(button(text.smaller, () => { zoom(0.8) }), button(text.larger, () => { zoom(1.25) }), button(text.invert, flip),
    button(text.reset, () => { invert = false; scale = 1; set(initial()) }))
  const sliders = grey ? levels() : null
  root.append(tools, stage)
  if (sliders) root.append(sliders.row, state)
  root.append(note(`${text.notDiagnostic} ${grey ? text.dragHelp : ''} ${text.dicomHelp}`), headerTable(file, view))
  draw()

  function presets(): HTMLElement {
    const select = element('select')
    const choices: [string, () => Window][] = [
      ...(meaning.window ? [[text.windowOfFile, initial] as [string, () => Window]] : []),
      [text.windowOfAll, () => fullWindow(frame, meaning)],
      ...(file.dataSet.string('x00080060') === 'CT' ? Object.entries(text.windowNames).map(([name, said]) => [said, () => windows[name as keyof typeof windows]] as [string, () => Window]) : []),
    ]
    choices.forEach(([name], i) => { select.append(element('option', { value: i }, name)) })
    select.addEventListener('change', () => { set(choices[Number(select.value)]![1]()) })
    return element('label', {}, `${text.presets} `, select)
  }

  function levels(): { row: HTMLElement, set: () => void } {
    const whole = fullWindow(frame, meaning)
    const reach = Math.max(whole.width, window.width)
    const slider = (min: number, max: number, act: (value: number) => void) => {
      const input = element('input', { type: 'range', min: Math.floor(min), max: Math.ceil(max), step: 1 })
      input.addEventListener('input', () => { act(Number(input.value)) })
      return input
    }
    const level = slider(Math.min(whole.center, window.center) - reach, Math.max(whole.center, window.center) + reach, value => { window.center = value; later() })
    const width = slider(1, reach * 2, value => { window.width = Math.max(1, value); later() })
    const follow = () => { level.value = String(window.center); width.value = String(window.width) }
    follow()
    return { row: element('div', { class: 'tools' }, element('label', {}, `${text.level} `, level), element('label', {}, `${text.width} `, width)), set: follow }
  }

  // A drag over the whole stage covers about what the image holds.
  let drag: { x: number, y: number } | null = null
  stage.addEventListener('pointerdown', event => {
    if (event.button !== 0 || !grey) return
    drag = { x: event.clientX, y: event.clientY }
    stage.setPointerCapture(event.pointerId)
  })
  stage.addEventListener('pointermove', event => {
    if (!drag) return
    const step = Math.max(1, fullWindow(frame, meaning).width / 512)
    move((event.clientY - drag.y) * step, (event.clientX - drag.x) * step)
    drag = { x: event.clientX, y: event.clientY }
  })
  for (const end of ['pointerup', 'pointercancel'] as const) stage.addEventListener(end, () => { drag = null })
  stage.addEventListener('keydown', event => {
    const step = Math.max(1, window.width / 20)
    const acts: Record<string, () => void> = {
      ArrowUp: () => { move(-step, 0) }, ArrowDown: () => { move(step, 0) }, ArrowLeft: () => { move(0, -step) }, ArrowRight: () => { move(0, step) },
      '+': () => { zoom(1.25) }, '-': () => { zoom(0.8) }, i: flip, I: flip, PageDown: () => void go(index + 1), PageUp: () => void go(index - 1), Home: () => void go(0),
    }
    const act = acts[event.key]
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    act()
  })
}
