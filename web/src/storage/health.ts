import type { AuditReport, StoreState } from '../core/api'

const order: StoreState[] = ['failing', 'silent', 'slow', 'good']

/** The worst of all stores. */
export const worstOf = (report: AuditReport): StoreState => order.find(state => report.stores.some(store => store.state === state)) ?? 'good'

/** "99 %", and never 100 % for what is not certain: rounded down. */
export function probabilityText(probability: number, locale: string): string {
  const digits = probability >= 0.99 && probability < 1 ? 1 : 0
  const factor = 10 ** (2 + digits)
  return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: digits }).format(Math.floor(probability * factor) / factor)
}
