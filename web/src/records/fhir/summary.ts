import { isFields, type Fields } from './json'
import { say, sayConcept, sayDate, type Speaker } from './say'
import { shapes, type FieldName } from './shapes'

export interface Fact { label: string, value: string, /** An element's own English name, where the page has no word for it. */ raw?: boolean }

export interface Attachment { title: string, mediaType: string, base64: string }

export interface ItemLine { text: string, amount: string }

export interface Summary {
  type: string
  id: string | null
  title: string
  /** As FHIR writes it, to sort by. */
  date: string
  when: string
  brief: string
  facts: Fact[]
  items: ItemLine[]
  attachments: Attachment[]
}

export interface SummaryWords { types: Record<string, string>, fields: Record<FieldName, string> }

const string = (value: unknown): string => (typeof value === 'string' ? value : '')

/** The values at a path; arrays on the way are gone into. */
export function valuesAt(resource: Fields, path: string): unknown[] {
  let found: unknown[] = [resource]
  for (const step of path.split('.')) {
    found = found.flatMap(value => {
      if (!isFields(value)) return []
      const inner = step.endsWith('[x]') ? choice(value, step.slice(0, -3)) : value[step]
      return Array.isArray(inner) ? inner as unknown[] : inner === undefined || inner === null ? [] : [inner]
    })
  }
  return found
}

function choice(value: Fields, name: string): unknown {
  const key = Object.keys(value).find(key => key.startsWith(name) && /^[A-Z]/.test(key.slice(name.length)))
  return key === undefined ? undefined : value[key]
}

/** What a person reads of a resource; for a type without words of its own, every element that can be said. */
export function summarise(resource: Fields, speaker: Speaker, words: SummaryWords): Summary {
  const type = string(resource.resourceType)
  const shape = Object.hasOwn(shapes, type) ? shapes[type]! : null
  const typeName = Object.hasOwn(words.types, type) ? words.types[type]! : type
  const first = (paths: string[]): string => {
    for (const path of paths) for (const value of valuesAt(resource, path)) {
      const said = say(value, speaker)
      if (said) return said
    }
    return ''
  }
  const date = dateOf(resource, shape?.date ?? ['effective[x]', 'date', 'created', 'authoredOn', 'recorded', 'period.start', 'issued'])
  const facts: Fact[] = shape
    ? shape.facts.flatMap(([field, path]) => told(words.fields[field], valuesAt(resource, path), speaker))
    : generic(resource, speaker)
  if (type === 'Observation') facts.splice(1, 0, ...components(resource, speaker))
  return {
    type,
    id: string(resource.id) || null,
    title: contained(resource, speaker) || first(shape?.title ?? ['title', 'name', 'code', 'type', 'description']) || typeName,
    date,
    when: date ? sayDate(date, speaker) : '',
    brief: type === 'Observation' ? observed(resource, speaker) : [...new Set((shape?.brief ?? []).map(path => first([path])).filter(Boolean))].join(', '),
    facts: facts.filter((fact, i) => facts.findIndex(other => other.label === fact.label && other.value === fact.value) === i),
    items: itemsOf(resource, speaker),
    attachments: attachmentsOf(resource, type),
  }
}

function told(label: string, values: unknown[], speaker: Speaker): Fact[] {
  const said = [...new Set(values.slice(0, 60).map(value => say(value, speaker)).filter(Boolean))]
  return said.length ? [{ label, value: said.join('; ') }] : []
}

function dateOf(resource: Fields, paths: string[]): string {
  for (const path of paths) for (const value of valuesAt(resource, path)) {
    if (typeof value === 'string' && /^\d{4}/.test(value)) return value
    if (isFields(value)) {
      const start = string(value.start) || string(value.end)
      if (/^\d{4}/.test(start)) return start
    }
  }
  return ''
}

/** A medication that stands within the request. */
function contained(resource: Fields, speaker: Speaker): string {
  const reference = valuesAt(resource, 'medicationReference.reference')[0]
  if (typeof reference !== 'string' || !reference.startsWith('#')) return ''
  const inner = valuesAt(resource, 'contained').find(one => isFields(one) && one.id === reference.slice(1))
  return isFields(inner) ? sayConcept(inner.code, speaker.words) : ''
}

function components(resource: Fields, speaker: Speaker): Fact[] {
  return valuesAt(resource, 'component').filter(isFields).slice(0, 60).flatMap(component => {
    const value = [...valuesAt(component, 'value[x]'), ...valuesAt(component, 'dataAbsentReason')].map(one => say(one, speaker)).find(Boolean)
    return value ? [{ label: sayConcept(component.code, speaker.words), value }] : []
  })
}

/** The value of an observation, or those of its components: "120 / 80 mmHg" where they share a unit. */
function observed(resource: Fields, speaker: Speaker): string {
  const value = valuesAt(resource, 'value[x]').map(one => say(one, speaker)).find(Boolean)
  if (value) return value
  return components(resource, speaker).map(fact => `${fact.label} ${fact.value}`).slice(0, 4).join(', ')
}

const machine = new Set(['resourceType', 'id', 'meta', 'text', 'implicitRules', 'contained', 'extension', 'modifierExtension'])

function generic(resource: Fields, speaker: Speaker): Fact[] {
  return Object.entries(resource).filter(([name]) => !machine.has(name) && !name.startsWith('_')).slice(0, 60).flatMap(([name, value]) => {
    const said = say(value, speaker)
    return said ? [{ label: name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase(), value: said, raw: true }] : []
  })
}

function itemsOf(resource: Fields, speaker: Speaker): ItemLine[] {
  if (resource.resourceType !== 'Claim' && resource.resourceType !== 'ExplanationOfBenefit') return []
  return valuesAt(resource, 'item').filter(isFields).slice(0, 200).map(item => ({
    text: sayConcept(item.productOrService ?? item.service ?? item.category, speaker.words),
    amount: say(item.net ?? valuesAt(item, 'adjudication.amount')[0], speaker),
  })).filter(line => line.text || line.amount)
}

const attachmentPaths = new Map([['DocumentReference', 'content.attachment'], ['DiagnosticReport', 'presentedForm'], ['Media', 'content'], ['Patient', 'photo']])

function attachmentsOf(resource: Fields, type: string): Attachment[] {
  const path = attachmentPaths.get(type)
  return path ? valuesAt(resource, path).filter(isFields).filter(one => typeof one.data === 'string').slice(0, 50)
    .map(one => ({ title: string(one.title), mediaType: string(one.contentType) || 'application/octet-stream', base64: string(one.data) })) : []
}
