import { Exact, isFields, type Fields } from './json'
import { sayConcept, type Words } from './say'
import { valuesAt } from './summary'

export interface Point { date: string, time: number, value: number, written: string }

/** Numbers of one kind over time: the same code in the same unit. */
export interface Series { key: string, name: string, unit: string, points: Point[] }

interface Quantity { value: number, written: string, unit: string }

function quantity(value: unknown): Quantity | null {
  if (!isFields(value)) return null
  const written = typeof value.value === 'number' ? String(value.value) : value.value instanceof Exact ? value.value.digits : ''
  const number = Number(written)
  if (written === '' || !Number.isFinite(number)) return null
  return { value: number, written, unit: typeof value.unit === 'string' ? value.unit : typeof value.code === 'string' ? value.code : '' }
}

const codeOf = (concept: unknown): string => {
  const coding = isFields(concept) ? valuesAt(concept, 'coding').find(isFields) : undefined
  return coding ? `${String(coding.system ?? '')}|${String(coding.code ?? '')}` : ''
}

/** Series of at least two points from the observations among the resources, those with most points first. Entered-in-error ones are left out. */
export function seriesOf(resources: Fields[], words: Words): Series[] {
  const found = new Map<string, Series>()
  const add = (concept: unknown, value: unknown, date: string) => {
    const measured = quantity(value)
    const time = Date.parse(date)
    const name = sayConcept(concept, words)
    if (!measured || Number.isNaN(time) || !name) return
    const key = `${codeOf(concept) || name} ${measured.unit}`
    let series = found.get(key)
    if (!series) found.set(key, series = { key, name, unit: measured.unit, points: [] })
    series.points.push({ date, time, value: measured.value, written: measured.written })
  }
  for (const resource of resources) {
    if (resource.resourceType !== 'Observation' || resource.status === 'entered-in-error' || resource.status === 'cancelled') continue
    const when = [...valuesAt(resource, 'effectiveDateTime'), ...valuesAt(resource, 'effectiveInstant'), ...valuesAt(resource, 'effectivePeriod.start'), ...valuesAt(resource, 'issued')]
      .find(value => typeof value === 'string') as string | undefined
    if (!when) continue
    add(resource.code, resource.valueQuantity, when)
    for (const component of valuesAt(resource, 'component').filter(isFields)) add(component.code, component.valueQuantity, when)
  }
  const series = [...found.values()].filter(one => one.points.length > 1)
  for (const one of series) one.points.sort((a, b) => a.time - b.time)
  return series.sort((a, b) => b.points.length - a.points.length || a.name.localeCompare(b.name))
}
