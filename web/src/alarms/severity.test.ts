import { describe, expect, it } from 'vitest'
import type { Alarm, AlarmKind } from '../core/api'
import { blocksSharing, severityOf } from './severity'

const alarm = (kind: AlarmKind, acknowledged = false): Alarm => ({ id: 'a', at: '2026-03-04T05:06:07Z', kind, message: '', operation: 'list', acknowledged })

describe('alarms', () => {
  it.each(['Fork', 'Rollback'] as AlarmKind[])('%s keeps from sharing until it is acknowledged', kind => {
    expect(blocksSharing([alarm('Integrity'), alarm(kind)])).toBe(true)
    expect(blocksSharing([alarm(kind, true)])).toBe(false)
  })

  it('of other kinds keep nobody from sharing', () => {
    expect(blocksSharing([alarm('Integrity'), alarm('Withheld'), alarm('KeyChanged'), alarm('Downgrade'), alarm('Injected'), alarm('Revived'), alarm('Unlogged')])).toBe(false)
    expect(blocksSharing([])).toBe(false)
  })

  it('are serious unless something may only be late', () => {
    expect(severityOf('Withheld')).toBe('watch')
    expect(severityOf('Fork')).toBe('serious')
  })
})
