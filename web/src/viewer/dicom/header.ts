import { element } from '../dom'
import type { View } from '../main'
import { textOf, type DicomFile } from './dataset'
import { personName } from './personName'
import { shapeOf } from './pixels'

const fields: [keyof View['text']['fields'], string][] = [
  ['patient', 'x00100010'], ['patientId', 'x00100020'], ['birthDate', 'x00100030'], ['sex', 'x00100040'], ['studyDate', 'x00080020'], ['modality', 'x00080060'], ['bodyPart', 'x00180015'],
  ['study', 'x00081030'], ['series', 'x0008103e'], ['institution', 'x00080080'], ['physician', 'x00080090'], ['manufacturer', 'x00080070'],
]

/** The elements that a person asks for, as a table. */
export function headerTable({ dataSet, transferSyntax }: DicomFile, { text, date }: View): HTMLElement {
  const rows: [string, string][] = fields.map(([name, tag]) => {
    const value = textOf(dataSet, tag)
    if (name === 'patient' || name === 'physician') return [text.fields[name], personName(value)]
    return [text.fields[name], /^\d{8}$/.test(value) ? date(`${value.slice(0, 4)}-${value.slice(4, 6)}-${value.slice(6)}`) : value]
  })
  const shape = shapeOf(dataSet)
  if (shape) rows.push([text.fields.size, `${shape.columns} × ${shape.rows}`], [text.fields.frames, String(shape.frames)])
  rows.push([text.fields.coding, transferSyntax])
  const body = element('tbody', {}, ...rows.filter(([, value]) => value).map(([name, value]) =>
    element('tr', {}, element('th', { scope: 'row' }, name), element('td', { dir: 'auto' }, value))))
  return element('details', {}, element('summary', {}, text.header),
    element('div', { class: 'scroll', tabindex: 0 }, element('table', {}, element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, text.field), element('th', { scope: 'col' },
      text.value))), body)))
}
