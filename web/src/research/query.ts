import type { Study } from '../core/research'

// A query as it is put together by hand, and its text in the language that `salus stats` takes.

export const functions = ['count', 'mean', 'sum', 'variance', 'min', 'max', 'median', 'quantile', 'histogram', 'covariance', 'correlation', 'regression', 'chi-squared'] as const
export type QueryFunction = typeof functions[number]

export interface Query {
  ask: QueryFunction
  /** Of one variable, or the first of two; of a regression, what is explained. */
  variable: string
  other: string
  /** What a regression explains by. */
  explaining: string[]
  /** Of a chi-squared test. */
  attributes: [string, string]
  quantile: string
  /** Attribute to category; an attribute that is not there is not filtered by. */
  filters: Record<string, string>
  /** Asks once for each category of this attribute; empty for once. */
  each: string
  precision: Precision
}

/** Shares of the study's budget that one answer takes. */
export const precisions = { coarse: 0.005, usual: 0.02, fine: 0.1 } as const
export type Precision = keyof typeof precisions

/** Rho of one answer: in whole millionths, and not less than is sold (src/Protocol/Statistics/Bounds.cs). */
export const costOf = (budget: number, precision: Precision): number => Math.max(100, Math.round(budget * precisions[precision] * 1e6)) / 1e6

type Declared = Pick<Study, 'variables' | 'attributes'>

export const emptyQuery = ({ variables, attributes }: Declared): Query => ({
  ask: variables.length > 0 ? 'mean' : 'count', variable: variables[0]?.name ?? '', other: variables[1]?.name ?? '', explaining: variables[1] ? [variables[1].name] : [],
  attributes: [attributes[0]?.name ?? '', attributes[1]?.name ?? ''], quantile: '0.5', filters: {}, each: '', precision: 'usual',
})

const ofOne: readonly QueryFunction[] = ['mean', 'sum', 'variance', 'min', 'max', 'median', 'quantile', 'histogram']
/** They go through the classes of a histogram. */
const ofClasses: readonly QueryFunction[] = ['min', 'max', 'median', 'quantile', 'histogram']
const ofTwo: readonly QueryFunction[] = ['covariance', 'correlation']

/** Which of the functions this study can be asked. */
export const askable = ({ variables, attributes }: Declared): QueryFunction[] => functions.filter(ask => {
  if (ask === 'count') return true
  if (ask === 'chi-squared') return attributes.length > 1
  if (ask === 'histogram' && attributes.length > 0) return true
  if (ofClasses.includes(ask)) return variables.some(variable => variable.bounds.length > 0)
  return variables.length > (ofOne.includes(ask) ? 0 : 1)
})

/** What a function can be asked of; how many are in each category of an attribute is a histogram as well. */
export const operandsFor = (ask: QueryFunction, { variables, attributes }: Declared): string[] => [
  ...(ofClasses.includes(ask) ? variables.filter(variable => variable.bounds.length > 0) : variables), ...(ask === 'histogram' ? attributes : []),
].map(one => one.name)

/** "variable", "other", … are to be chosen for this function. */
export const partsOf = (ask: QueryFunction): readonly ('variable' | 'other' | 'explaining' | 'attributes' | 'quantile')[] => {
  if (ask === 'quantile') return ['variable', 'quantile']
  if (ofOne.includes(ask)) return ['variable']
  if (ofTwo.includes(ask)) return ['variable', 'other']
  if (ask === 'regression') return ['variable', 'explaining']
  return ask === 'chi-squared' ? ['attributes'] : []
}

export type QueryFault = 'quantile' | 'same' | 'explaining'

export function faultOf(query: Query): QueryFault | null {
  const { ask, variable, other, explaining, attributes, quantile } = query
  if (ask === 'quantile' && !(/^(0?\.\d+|0|1)$/.test(quantile.trim()) && Number(quantile) <= 1)) return 'quantile'
  if (ofTwo.includes(ask) && variable === other || ask === 'chi-squared' && attributes[0] === attributes[1]) return 'same'
  return ask === 'regression' && (explaining.length === 0 || explaining.includes(variable)) ? 'explaining' : null
}

/** The texts of a query: one, or one for each category of what it is asked for each of. */
export function textsOf(query: Query, { attributes }: Declared): { label: string, text: string }[] {
  const asked = call(query)
  const categories = attributes.find(attribute => attribute.name === query.each)?.categories
  const text = (filters: Record<string, string>) => {
    const where = attributes.filter(({ name }) => Object.hasOwn(filters, name)).map(({ name }) => `${name}=${filters[name]}`)
    return where.length > 0 ? `${asked} where ${where.join(' and ')}` : asked
  }
  return categories ? categories.map(category => ({ label: category, text: text({ ...query.filters, [query.each]: category }) })) : [{ label: '', text: text(query.filters) }]
}

function call({ ask, variable, other, explaining, attributes, quantile }: Query): string {
  if (ask === 'count') return 'count()'
  if (ask === 'quantile') return `quantile(${variable}, ${Number(quantile)})`
  if (ofTwo.includes(ask)) return `${ask}(${variable}, ${other})`
  if (ask === 'regression') return `regression(${variable} ~ ${explaining.join(' + ')})`
  if (ask === 'chi-squared') return `chi-squared(${attributes[0]}, ${attributes[1]})`
  return `${ask}(${variable})`
}
