import { useMemo } from 'react'

/** Writes rho with the digits that it has, down to its millionths. */
export function useRho(locale: string): (value: number) => string {
  return useMemo(() => {
    const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 6 })
    return value => number.format(value)
  }, [locale])
}
