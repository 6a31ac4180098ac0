import { expect, test } from 'vitest'
import { isLoadFailure } from './loadFailure'

test('a part of the page that does not arrive is told from a mistake in it', () => {
  for (const said of [
    'Failed to fetch dynamically imported module: http://localhost/assets/ContactsScreen-x.js', // Chromium
    'error loading dynamically imported module: http://localhost/assets/ContactsScreen-x.js', // Firefox
    'Importing a module script failed.', // Safari
    'Unable to preload CSS for /assets/ContactsScreen-x.css',
  ]) expect(isLoadFailure(new TypeError(said))).toBe(true)
  for (const said of ["Cannot read properties of undefined (reading 'name')", 'Failed to fetch', '']) expect(isLoadFailure(new TypeError(said))).toBe(false)
})
