import { describe, expect, it } from 'vitest'
import type { AuditReport, StoreState } from '../core/api'
import { probabilityText, worstOf } from './health'

const report = (...states: StoreState[]): AuditReport => ({
  at: '2026-03-04T05:06:07Z', whole: false, fragments: 1, asked: 1, answered: 1, probability: 0.99, findings: [], skipped: [],
  stores: states.map(state => ({
    store: state, state, fragments: 1, asked: 1, held: 1, missing: 0, damaged: 0, exchanged: 0, unanswered: 0, moved: 0, onlySmall: false, selective: false, slowestSeconds: 0.1,
  })),
})

describe('the health of stores', () => {
  it('is that of the worst', () => {
    expect(worstOf(report('good', 'slow', 'failing', 'silent'))).toBe('failing')
    expect(worstOf(report('good', 'silent', 'slow'))).toBe('silent')
    expect(worstOf(report())).toBe('good')
  })

  it('never says that something is certain that is not', () => {
    expect(probabilityText(0.990_1, 'en')).toBe('99%')
    expect(probabilityText(0.999_99, 'en')).toBe('99.9%')
    expect(probabilityText(0.634, 'en')).toBe('63%')
    expect(probabilityText(1, 'en')).toBe('100%')
    expect(probabilityText(0, 'en')).toBe('0%')
  })
})
