import type { Item } from './load'
import { sayDate, type Speaker } from './say'
import { summarise, type SummaryWords } from './summary'

export interface Row { key: string, item: Item, title: string, brief: string, date: string, when: string }
export interface Group { type: string, name: string, rows: Row[] }

// What matters most to a reader comes first; the rest in order of names.
const order = ['Patient', 'AllergyIntolerance', 'Condition', 'MedicationRequest', 'MedicationStatement', 'Immunization', 'Observation', 'DiagnosticReport', 'Procedure', 'Encounter',
  'DocumentReference',
  'CarePlan', 'Goal', 'ImagingStudy', 'Coverage', 'ExplanationOfBenefit', 'Claim']

export function groupItems(items: Item[], speaker: Speaker, words: SummaryWords): Group[] {
  const groups = new Map<string, Group>()
  items.forEach((item, at) => {
    const name = Object.hasOwn(words.types, item.type) ? words.types[item.type]! : item.type
    let group = groups.get(item.type)
    if (!group) groups.set(item.type, group = { type: item.type, name, rows: [] })
    const summary = item.resource ? summarise(item.resource, speaker, words) : null
    const date = summary?.date ?? item.date ?? ''
    group.rows.push({ key: `${item.id ?? ''} ${at}`, item, title: summary?.title ?? item.title ?? name, brief: summary?.brief ?? '', date, when: summary?.when ?? sayDate(date, speaker) })
  })
  const place = (type: string) => (order.includes(type) ? order.indexOf(type) : order.length)
  for (const group of groups.values()) group.rows.sort((a, b) => (a.date < b.date ? 1 : a.date > b.date ? -1 : 0))
  return [...groups.values()].sort((a, b) => place(a.type) - place(b.type) || a.name.localeCompare(b.name))
}
