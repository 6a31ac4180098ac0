import { expect, test } from 'vitest'
import { themeCss } from './theme'

test('the style sheet of variables is the one of the theme', async () => {
  await expect(themeCss()).toMatchFileSnapshot('theme.css')
})
