import { createContext, useContext, useMemo } from 'react'
import { de } from './de'
import { en, type Catalogue } from './en'

export type { Catalogue } from './en'

export const languages = { en: 'English', de: 'Deutsch' } as const
export type Language = keyof typeof languages

const catalogues: Record<Language, Catalogue> = { en, de }

/** Right-to-left languages, when one is added. */
export const directionOf = (language: Language): 'ltr' | 'rtl' => (new Set<string>(['ar', 'he', 'fa', 'ur']).has(language) ? 'rtl' : 'ltr')

/** The language that the browser asks for, if it is there. */
export function preferredLanguage(): Language {
  for (const tag of navigator.languages) {
    const language = tag.slice(0, 2)
    if (language in languages) return language as Language
  }
  return 'en'
}

export const LanguageContext = createContext<Language>('en')

/** All text of the page, in its language: `const t = useText(); t.home.title`. */
export const useText = (): Catalogue => catalogues[useContext(LanguageContext)]

/** Dates, numbers, sizes and lists as the language writes them. */
export function useFormat() {
  const language = useContext(LanguageContext)
  return useMemo(() => {
    // The browser's own region for the chosen language, so that a day looks as its reader is used to.
    const locale = navigator.languages.find(tag => tag.startsWith(language)) ?? language
    const number = new Intl.NumberFormat(locale)
    const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })
    const time = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
    const month = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric' })
    const list = new Intl.ListFormat(locale, { type: 'conjunction' })
    const bytes = (count: number): string => {
      const unit = count < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(count) / 3))
      return new Intl.NumberFormat(locale, {
        style: 'unit', unit: (['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const)[unit], unitDisplay: unit === 0 ? 'long' : 'short', maximumFractionDigits: unit === 0 ? 0 : 1,
      }).format(count / 1000 ** unit)
    }
    return {
      locale,
      number: (value: number) => number.format(value),
      day: (date: string | Date) => day.format(new Date(date)),
      time: (date: string | Date) => time.format(new Date(date)),
      month: (date: string | Date) => month.format(new Date(date)),
      list: (items: string[]) => list.format(items),
      bytes,
    }
  }, [language])
}

export type Format = ReturnType<typeof useFormat>
