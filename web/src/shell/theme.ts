import { createTheme, defaultCssVariablesResolver, DEFAULT_THEME, mergeMantineTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'

// One accent: petrol. Every shade that carries text keeps 4.5:1 against what it stands on, in light and dark.
const petrol: MantineColorsTuple = ['#edf6f8', '#d9eaee', '#b3d5dd', '#8abfcb', '#66a9b9', '#4494a7', '#2b7f94', '#1d6a7e', '#16566a', '#0f4353']
const dark: MantineColorsTuple = ['#d6dee1', '#b7c3c8', '#9aa9af', '#7f9098', '#42525a', '#323f46', '#243037', '#182228', '#121a1f', '#0c1216']

const red: MantineColorsTuple = ['#fdefee', '#fbd9d6', '#f5b3ae', '#ee8b84', '#e5645b', '#d4463c', '#c4342a', '#b3261e', '#93201a', '#751a15']
const green: MantineColorsTuple = ['#eaf6f0', '#d1ebde', '#a5d8be', '#7fcca3', '#4fae80', '#338f63', '#257c53', '#1c6b45', '#165638', '#10422b']

export const theme = createTheme({
  primaryColor: 'petrol',
  primaryShade: 7,
  colors: { petrol, dark, red, green },
  black: '#1b2529',
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  headings: { fontWeight: '650', sizes: { h1: { fontSize: '1.75rem', lineHeight: '1.25' }, h2: { fontSize: '1.25rem', lineHeight: '1.35' }, h3: { fontSize: '1.0625rem', lineHeight: '1.4' } } },
  components: {
    // Locking the scroll and measuring scroll bars would put style elements into the page, which the policy forbids.
    Modal: { defaultProps: { lockScroll: false, centered: true, radius: 'lg' } },
    Drawer: { defaultProps: { lockScroll: false } },
    Button: { defaultProps: { size: 'md' } },
    TextInput: { defaultProps: { size: 'md' } },
    PasswordInput: { defaultProps: { size: 'md' } },
    Textarea: { defaultProps: { size: 'md' } },
    NativeSelect: { defaultProps: { size: 'md' } },
  },
})

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#f7f9fa',
    '--mantine-color-dimmed': '#55636a',
    '--mantine-color-placeholder': '#6a777d',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-anchor': petrol[7],
    '--salus-surface': '#ffffff',
    '--salus-quiet': '#eef2f4',
    '--salus-line': '#dde4e7',
    '--salus-accent': petrol[7],
    '--salus-accent-quiet': petrol[0],
    '--salus-alarm': '#b3261e',
    '--salus-alarm-quiet': '#fdefee',
    '--salus-warning': '#7a4f00',
    '--salus-warning-quiet': '#fff6e3',
    '--salus-good': '#1c6b45',
    '--salus-good-quiet': '#eaf6f0',
  },
  dark: {
    '--mantine-color-body': '#10171b',
    '--mantine-color-dimmed': '#9fafb6',
    '--mantine-color-placeholder': '#8b9ba2',
    '--mantine-color-error': '#ff9b93',
    '--mantine-color-anchor': petrol[3],
    '--mantine-color-petrol-light': '#1b3a46',
    '--mantine-color-petrol-light-hover': '#224754',
    '--mantine-color-petrol-light-color': petrol[2],
    '--mantine-color-red-light': '#3a1b1a',
    '--mantine-color-red-light-hover': '#4a2321',
    '--mantine-color-red-light-color': '#ff9b93',
    '--salus-surface': '#182228',
    '--salus-quiet': '#202c33',
    '--salus-line': '#2f3c43',
    '--salus-accent': petrol[3],
    '--salus-accent-quiet': '#15303a',
    '--salus-alarm': '#ff9b93',
    '--salus-alarm-quiet': '#3a1b1a',
    '--salus-warning': '#f2c063',
    '--salus-warning-quiet': '#332711',
    '--salus-good': '#7fcca3',
    '--salus-good-quiet': '#14301f',
  },
})

/** What Mantine would put into a style element and the policy forbids: written to theme.css by the test of this file, `npm test -- -u`. */
export function themeCss(): string {
  const whole = mergeMantineTheme(DEFAULT_THEME, theme)
  const mine = defaultCssVariablesResolver(whole)
  const stock = defaultCssVariablesResolver(DEFAULT_THEME)
  const own = cssVariables(whole)
  const block = (selector: string, part: 'variables' | 'light' | 'dark') => {
    const changed = Object.entries({ ...mine[part], ...own[part] }).filter(([name, value]) => (stock[part] as Record<string, string>)[name] !== value)
    return `${selector} {\n${changed.map(([name, value]) => `  ${name}: ${value};\n`).join('')}}\n`
  }
  return [
    block(':root', 'variables'),
    block(':root[data-mantine-color-scheme="light"]', 'light'),
    block(':root[data-mantine-color-scheme="dark"]', 'dark'),
  ].join('\n')
}
