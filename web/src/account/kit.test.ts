import { expect, test } from 'vitest'
import { endsWithTyped, kitFault, kitGroups } from './kit'

const kit = '0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV-WXYZ-0123-4567-89AB-CDEF-GHJK-MNPQ-10JK-M0P1'
const older = '0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV-WXYZ-0123-4567-89AB-CDEF-10JK-M0P1'

test('a kit has sixteen groups, an older one fourteen', () => {
  expect(kitGroups(kit)).toHaveLength(16)
  expect(kitGroups(older)).toHaveLength(14)
})

test('the last two groups prove that it is on paper, however they are typed', () => {
  for (const typed of ['10JK-M0P1', '10jkm0p1', ' 1oJK  mOPl ', 'iojk-mopI']) expect(endsWithTyped(kit, typed)).toBe(true)
})

test('other groups, fewer and more do not', () => {
  for (const typed of ['', 'M0P1', 'M0P1-10JK', '10JK-M0P2', 'CDEF-10JK-M0P1', kit]) expect(endsWithTyped(kit, typed)).toBe(false)
})

test('a whole kit is told from a mistyped one', () => {
  expect(kitFault(kit)).toBe('none')
  expect(kitFault(older)).toBe('none')
  expect(kitFault(kit.slice(0, -5))).toBe('length')
  expect(kitFault(kit.toLowerCase().replaceAll('-', ' '))).toBe('none')
  expect(kitFault(kit.replaceAll('0', 'o').replaceAll('1', 'l'))).toBe('none')
  expect(kitFault(kit.slice(0, -1))).toBe('length')
  expect(kitFault('')).toBe('length')
  expect(kitFault(kit.replace('A', 'U'))).toBe('character')
  expect(kitFault(kit.replace('A', 'ä'))).toBe('character')
})
