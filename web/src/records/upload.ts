import type { PartitionName, SequenceKeyFault, UploadReport } from '../core/api'

// What is known of an upload while it runs, from its reports.

export interface StoreState { name: string, fragments: { index: number, landed: boolean }[], done: number, total: number }

export interface UploadState { phase: 'sealing' | 'storing', part: number | null, stores: StoreState[], last: { index: number, store: string } | null }

export const begun: UploadState = { phase: 'sealing', part: null, stores: [], last: null }

export function withReport(state: UploadState, report: UploadReport): UploadState {
  if ('placement' in report) {
    const names = [...new Set(report.placement.fragments.map(fragment => fragment.store))].sort((a, b) => a.localeCompare(b))
    return {
      ...state, last: null,
      stores: names.map(name => ({
        name, done: 0, total: 0,
        fragments: report.placement.fragments.filter(fragment => fragment.store === name).map(({ index }) => ({ index, landed: false })).sort((a, b) => a.index - b.index),
      })),
    }
  }
  if ('landed' in report) {
    const { index, store } = report.landed
    return {
      ...state, phase: 'storing', last: report.landed,
      stores: state.stores.map(one => (one.name === store ? { ...one, fragments: one.fragments.map(fragment => (fragment.index === index ? { ...fragment, landed: true } : fragment)) } : one)),
    }
  }
  const { what, party, done, total } = report.progress
  if (party !== null) return { ...state, stores: state.stores.map(one => (one.name === party ? { ...one, done, total } : one)) }
  return { ...state, phase: what === 'sealing' ? 'sealing' : 'storing', part: total > 0 ? done / total : null }
}

export const landedOf = ({ stores }: UploadState): { landed: number, all: number } => {
  const fragments = stores.flatMap(store => store.fragments)
  return { landed: fragments.filter(fragment => fragment.landed).length, all: fragments.length }
}

/** Words between commas, each once, without blanks around them. */
export const keywordsOf = (text: string): string[] => [...new Set(text.split(/[,;\n]/).map(word => word.trim().replace(/\s+/g, ' ')).filter(Boolean))]

export const partitions: PartitionName[] = ['personal', 'medical', 'insurance', 'prescription']

/** Whether a file may be FHIR: by its name and how it begins. The core decides. */
export const looksLikeFhir = (name: string, type: string, start: string): boolean => (/\.(json|ndjson)$/i.test(name) || /json/.test(type)) && /"resourceType"\s*:/.test(start)

export type Rule = 'length' | 'whiteSpace' | 'repeatedCharacter' | 'ambiguous' | 'notVisible'

// The order in which the core looks: the first broken rule is named, so those before it are met, and those behind it are not known yet.
const order: Rule[][] = [['whiteSpace'], ['notVisible', 'ambiguous'], ['repeatedCharacter'], ['length']]

export function rulesOf(fault: SequenceKeyFault): { rule: Rule, state: 'met' | 'broken' | 'open' }[] {
  const broken: Rule | null = fault === 'none' ? null : fault === 'tooShort' || fault === 'tooLong' ? 'length' : fault
  const at = broken ? order.findIndex(rules => rules.includes(broken)) : order.length
  return order.flatMap((rules, place) => rules.map(rule => ({ rule, state: rule === broken ? 'broken' as const : place < at ? 'met' as const : 'open' as const })))
}
