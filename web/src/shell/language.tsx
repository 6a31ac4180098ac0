import { DirectionProvider } from '@mantine/core'
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react'
import { directionOf, LanguageContext, languages, preferredLanguage, type Language } from '../text'

const key = 'salus-language'
const SetLanguageContext = createContext<(language: Language) => void>(() => undefined)

/** Changes the language of the page, and remembers it in this browser: the page speaks before anything is unlocked. */
export const useSetLanguage = () => useContext(SetLanguageContext)

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(remembered)
  useEffect(() => {
    document.documentElement.lang = language
    document.documentElement.dir = directionOf(language)
  }, [language])
  const change = useMemo(() => (chosen: Language) => {
    setLanguage(chosen)
    try {
      localStorage.setItem(key, chosen)
    } catch {
      // A browser that keeps nothing: the choice lasts as long as the page.
    }
  }, [])
  return (
    <LanguageContext value={language}>
      <SetLanguageContext value={change}>
        <DirectionProvider key={directionOf(language)} initialDirection={directionOf(language)} detectDirection={false}>{children}</DirectionProvider>
      </SetLanguageContext>
    </LanguageContext>
  )
}

function remembered(): Language {
  try {
    const kept = localStorage.getItem(key)
    if (kept && kept in languages) return kept as Language
  } catch {
    // As above.
  }
  return preferredLanguage()
}
