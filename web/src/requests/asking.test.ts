import { describe, expect, it } from 'vitest'
import { askingArguments, faultsOf, isCode, isPhone, keywordsOf } from './asking'

const asking = { phone: '+41 79 000 00 00', keywords: 'Asthma, Spray', reason: ' Second opinion ', role: 'doctor' as const }

describe('a request', () => {
  it('is sent as it was meant', () => {
    expect(faultsOf(asking)).toEqual({})
    expect(askingArguments(asking)).toEqual({ phone: '+41 79 000 00 00', keywords: ['Asthma', 'Spray'], reason: 'Second opinion', role: 'doctor' })
  })

  it.each([
    [{ phone: '079 000 00 00' }, { phone: 'phone' }], [{ keywords: ' , ' }, { keywords: 'keywords' }], [{ keywords: 'a,b,c,d,e,f,g,h,i' }, { keywords: 'keywords' }],
    [{ keywords: 'a, !!' }, { keywords: 'keyword' }], [{ keywords: 'ä'.repeat(129) }, { keywords: 'keyword' }], [{ reason: '  ' }, { reason: 'reason' }],
    [{ reason: 'ä'.repeat(1001) }, { reason: 'reasonLong' }],
  ])('says what is wrong with %o', (over, faults) => { expect(faultsOf({ ...asking, ...over })).toEqual(faults) })

  it('names a keyword once', () => { expect(keywordsOf('a, b;a\nc d')).toEqual(['a', 'b', 'c d']) })
})

it.each(['+41790000000', '0041 79 000 00 00', '+49 (0) 30/1234-56'.replace('(0) ', ''), '+1.555.123.4567'])('%s is a number', typed => { expect(isPhone(typed)).toBe(true) })
it.each(['', '+', '079000000', '+0791234567', '+1234567', '+1234567890123456', '+41 79 abc', '+41+790000000'])('%s is none', typed => { expect(isPhone(typed)).toBe(false) })

it('a code may be typed in groups', () => {
  expect(['AB12-cd34 EF', 'AB12CD34E', 'AB12CD34EFG', 'AB12CD34Eß'].map(isCode)).toEqual([true, false, false, false])
})
