import type { StudyAttribute, StudyTerms, StudyVariable } from '../core/research'
import { beginningOf, localDay } from '../sharing/days'

// A study as it is filled in: text in every field, and what of it is no study yet.

export interface VariableDraft { name: string, code: string, unit: string, decimals: string, lower: string, upper: string, classes: string }
export interface AttributeDraft { name: string, source: string, categories: string }

export interface Declaration {
  title: string
  purpose: string
  custodian: string
  opens: string
  ends: string
  resources: string[]
  columns: string[]
  sensitive: string
  k: string
  l: string
  /** Percent. */
  t: string
  suppression: string
  minimumCohort: string
  budget: string
  variables: VariableDraft[]
  attributes: AttributeDraft[]
}

export const resourceTypes = ['Patient', 'Condition', 'Observation', 'MedicationRequest', 'Procedure', 'Immunization', 'AllergyIntolerance', 'Encounter', 'DiagnosticReport', 'ImagingStudy'] as const

/** Columns that can be asked about a patient: src/Health/Cohort/PatientColumns.cs. */
export const columns = ['sex', 'age', 'birth-year', 'birth-date', 'zip', 'city', 'state', 'country', 'race', 'ethnicity', 'marital-status', 'language', 'deceased', 'condition-code',
  'condition-display'] as const

/** Those that can be released as they are. */
export const sensitiveColumns = ['deceased', 'condition-code', 'condition-display'] as const satisfies (typeof columns)[number][]

export const emptyVariable: VariableDraft = { name: '', code: '', unit: '', decimals: '0', lower: '', upper: '', classes: '10' }
export const emptyAttribute: AttributeDraft = { name: '', source: 'quasi:sex', categories: '' }

export const knownVariables: readonly VariableDraft[] = [
  { name: 'heart-rate', code: '8867-4', unit: '/min', decimals: '0', lower: '30', upper: '220', classes: '19' },
  { name: 'systolic', code: '8480-6', unit: 'mm[Hg]', decimals: '0', lower: '70', upper: '250', classes: '18' },
  { name: 'diastolic', code: '8462-4', unit: 'mm[Hg]', decimals: '0', lower: '40', upper: '150', classes: '11' },
  { name: 'glucose', code: '2339-0', unit: 'mg/dL', decimals: '0', lower: '40', upper: '440', classes: '20' },
  { name: 'hba1c', code: '4548-4', unit: '%', decimals: '1', lower: '3', upper: '15', classes: '12' },
  { name: 'bmi', code: '39156-5', unit: 'kg/m2', decimals: '1', lower: '10', upper: '60', classes: '20' },
  { name: 'weight', code: '29463-7', unit: 'kg', decimals: '1', lower: '2', upper: '202', classes: '20' },
  { name: 'cholesterol', code: '2093-3', unit: 'mg/dL', decimals: '0', lower: '50', upper: '400', classes: '14' },
]

export const emptyDeclaration = (now: Date): Declaration => ({
  title: '', purpose: '', custodian: '', opens: localDay(now), ends: localDay(new Date(now.getFullYear() + 1, now.getMonth(), now.getDate())),
  resources: ['Patient', 'Condition', 'Observation'], columns: ['sex', 'birth-year', 'zip'], sensitive: 'condition-code', k: '11', l: '1', t: '100', suppression: '5', minimumCohort: '11', budget: '1',
  variables: [], attributes: [],
})

export type DeclarationFault =
  | 'title' | 'purpose' | 'custodian' | 'opens' | 'ends' | 'order' | 'nothing' | 'k' | 'l' | 't' | 'suppression' | 'minimumCohort' | 'budget'
  // Of a figure or a property.
  | 'symbol' | 'twice' | 'code' | 'number' | 'bounds' | 'classes' | 'categories'

const isSymbol = (text: string): boolean => text.length <= 40 && /^[a-z](?:[a-z0-9-]*[a-z0-9])?$/.test(text)
const isCategory = (text: string): boolean => text.length <= 40 && /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(text)
const isNumber = (text: string): boolean => /^-?\d+(\.\d+)?$/.test(text.trim())
const isWhole = (text: string, least: number, most: number): boolean => /^\d+$/.test(text.trim()) && Number(text) >= least && Number(text) <= most

export function variableFault(draft: VariableDraft, all: readonly { name: string }[]): DeclarationFault | null {
  const { name, code, decimals, lower, upper, classes } = draft
  if (!isSymbol(name.trim())) return 'symbol'
  if (all.filter(one => one.name.trim() === name.trim()).length > 1) return 'twice'
  if (!/^\d{1,7}-\d$/.test(code.trim())) return 'code'
  if (!isWhole(decimals, 0, 6)) return 'number'
  if (![lower, upper].every(text => isNumber(text) && (text.trim().split('.')[1]?.length ?? 0) <= Number(decimals)) || Number(lower) >= Number(upper)) return 'bounds'
  return isWhole(classes, 0, 64) && Number(classes) !== 1 && boundsOf(draft).length === new Set(boundsOf(draft)).size ? null : 'classes'
}

export function attributeFault({ name, source, categories }: AttributeDraft, all: readonly { name: string }[]): DeclarationFault | null {
  if (!isSymbol(name.trim())) return 'symbol'
  if (all.filter(one => one.name.trim() === name.trim()).length > 1) return 'twice'
  if (!/^(quasi:[a-z][a-z-]*|loinc:\d{1,7}-\d)$/.test(source)) return 'code'
  const all2 = categoriesOf(categories)
  return all2.length >= 2 && all2.length <= 64 && all2.every(isCategory) && new Set(all2).size === all2.length ? null : 'categories'
}

/** What keeps it from being a study; empty when nothing does. Variables and attributes have faults of their own. */
export function faultsOf(draft: Declaration): DeclarationFault[] {
  const [opens, ends] = [beginningOf(draft.opens), beginningOf(draft.ends)]
  const named = [...draft.variables, ...draft.attributes]
  const faults: [DeclarationFault, boolean][] = [
    ['title', draft.title.trim() === '' || draft.title.length > 120], ['purpose', draft.purpose.trim() === '' || draft.purpose.length > 3000], ['custodian',
      !/^[^\s@]+@[^\s@]+$/.test(draft.custodian.trim())],
    ['opens', opens === null], ['ends', ends === null], ['order', opens !== null && ends !== null && opens >= ends],
    ['nothing', draft.resources.length + named.length === 0],
    ['k', !isWhole(draft.k, 2, 10_000)], ['l', !isWhole(draft.l, 1, 10_000)], ['t', !isNumber(draft.t) || Number(draft.t) < 0 || Number(draft.t) > 100],
    ['suppression', !isNumber(draft.suppression) || Number(draft.suppression) < 0 || Number(draft.suppression) > 100], ['minimumCohort', !isWhole(draft.minimumCohort, 2, 1_000_000)],
    ['budget', named.length > 0 && (!isNumber(draft.budget) || Number(draft.budget) < 0 || Number(draft.budget) > 1000)],
  ]
  return faults.filter(([, is]) => is).map(([fault]) => fault)
}

/** Nothing is at fault, in it and in its parts. */
export const isComplete = (draft: Declaration): boolean => {
  const named = [...draft.variables, ...draft.attributes]
  return faultsOf(draft).length === 0 && draft.variables.every(one => variableFault(one, named) === null) && draft.attributes.every(one => attributeFault(one, named) === null)
}

const categoriesOf = (text: string): string[] => text.split(',').map(word => word.trim().toLowerCase().replace(/\s+/g, '-')).filter(Boolean)

/** Upper bounds of all classes but the last: equal ones, rounded to the digits of the variable. */
function boundsOf({ lower, upper, decimals, classes }: VariableDraft): number[] {
  const [low, high, count, digits] = [Number(lower), Number(upper), Number(classes), Number(decimals)]
  return Array.from({ length: Math.max(0, count - 1) }, (_, at) => Number((low + (high - low) * (at + 1) / count).toFixed(digits)))
}

const variableOf = (draft: VariableDraft): StudyVariable => ({
  name: draft.name.trim(), source: `loinc:${draft.code.trim()}`, unit: draft.unit.trim(), decimals: Number(draft.decimals), lower: Number(draft.lower), upper: Number(draft.upper),
  bounds: boundsOf(draft),
})

const attributeOf = ({ name, source, categories }: AttributeDraft): StudyAttribute => ({ name: name.trim(), source, categories: categoriesOf(categories) })

/** Of percent, in thousandths. */
const shareOf = (percent: string): number => Math.round(Number(percent) * 10) / 1000

/** What is signed. Only for what is complete. */
export function termsOf(draft: Declaration): StudyTerms & { custodian: string } {
  const hasCopies = draft.resources.length > 0
  // l and t are about a sensitive column.
  const isTold = hasCopies && draft.sensitive !== ''
  const hasRows = draft.variables.length + draft.attributes.length > 0
  return {
    title: draft.title.trim(), purpose: draft.purpose.trim(), custodian: draft.custodian.trim(), rules: '', resources: draft.resources,
    quasiIdentifiers: hasCopies ? draft.columns.map(column => ({ column, hierarchy: '' })) : [], sensitive: hasCopies ? draft.sensitive : '',
    release: {
      k: Number(draft.k), l: isTold ? Number(draft.l) : 1, t: isTold ? shareOf(draft.t) : 1, suppression: shareOf(draft.suppression), minimumCohort: Number(draft.minimumCohort),
    },
    budget: hasRows ? Number(draft.budget) : 0, variables: draft.variables.map(variableOf), attributes: draft.attributes.map(attributeOf), opens: beginningOf(draft.opens)!,
    ends: beginningOf(draft.ends)!,
  }
}
