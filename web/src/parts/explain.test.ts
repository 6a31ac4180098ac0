import { describe, expect, it } from 'vitest'
import type { AlarmKind } from '../core/api'
import { de } from '../text/de'
import { en } from '../text/en'
import { explain } from './explain'

const kinds: AlarmKind[] = ['Integrity', 'KeyChanged', 'Rollback', 'Withheld', 'Downgrade', 'Fork', 'Injected', 'Revived', 'Unlogged']
const alarm = (code: string) => ({ kind: 'alarm' as const, code, message: '', party: null })

describe('what is said of an alarm', () => {
  it.each(kinds)('%s has words of its own and a name, in every language', kind => {
    for (const { errors, alarms } of [en, de]) {
      const { what, safe, advice } = explain(alarm(kind), errors)
      expect([what, safe, advice, alarms.names[kind]]).not.toContain('')
      expect(alarms.names[kind]).toBeDefined()
      expect(kinds.filter(other => explain(alarm(other), errors).what === what)).toEqual([kind])
    }
  })

  it('is more exact where the page itself or a store was looked at', () => {
    expect(explain(alarm('Rollback'), en.errors, 'page.check').what).toContain('page')
    expect(explain(alarm('Rollback'), en.errors, 'list')).toBe(en.errors.alarms.Rollback)
    expect(explain(alarm('Withheld'), en.errors, 'storage.audit').what).toContain('store')
    expect(explain(alarm('Integrity'), en.errors, 'storage.repair').what).toContain('restored')
    expect(explain(alarm('Fork'), en.errors, 'page.check')).toBe(en.errors.alarms.Fork)
  })

  it('is never nothing, whatever the core calls it', () => {
    for (const code of ['toString', '__proto__', '']) expect(explain(alarm(code), en.errors, code)).toBe(en.errors.alarms.Integrity)
  })
})
