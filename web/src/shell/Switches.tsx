import { NativeSelect, useMantineColorScheme, type MantineColorScheme } from '@mantine/core'
import { useContext } from 'react'
import { IconContrast2, IconLanguage } from '../parts/icons'
import { LanguageContext, languages, useText, type Language } from '../text'
import { useSetLanguage } from './language'

interface Props {
  /** With a visible label, as in the settings. */
  labelled?: boolean
}

/** The language of the page; each is named in itself. */
export function LanguageSwitch({ labelled = false }: Props) {
  const { shell: t } = useText()
  const language = useContext(LanguageContext)
  const choose = useSetLanguage()
  return (
    <NativeSelect
      size={labelled ? 'md' : 'sm'} label={labelled ? t.language : undefined} aria-label={labelled ? undefined : t.language} leftSection={<IconLanguage size={18} aria-hidden />}
      value={language} onChange={event => { choose(event.currentTarget.value as Language) }}
      data={Object.entries(languages).map(([value, label]) => ({ value, label }))}
    />
  )
}

/** Light, dark, or as the device is. */
export function SchemeSwitch({ labelled = false }: Props) {
  const { shell: t } = useText()
  // Mantine would hush transitions by a style element, which the policy forbids.
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true })
  return (
    <NativeSelect
      size={labelled ? 'md' : 'sm'} label={labelled ? t.scheme : undefined} aria-label={labelled ? undefined : t.scheme} leftSection={<IconContrast2 size={18} aria-hidden />}
      value={colorScheme} onChange={event => { setColorScheme(event.currentTarget.value as MantineColorScheme) }}
      data={(['auto', 'light', 'dark'] as const).map(value => ({ value, label: t.schemes[value] }))}
    />
  )
}
