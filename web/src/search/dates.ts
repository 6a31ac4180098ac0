import type { Format } from '../text'

/** A date of FHIR as far as it goes: a year, a month, a day, or a time. What is none is shown as it is. */
export function fhirDate(date: string, format: Format): string {
  const [, year, month, day, time] = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(T.+)?)?)?$/.exec(date) ?? []
  if (!year) return date
  if (!month) return year
  // A day has no zone: noon of it is the same day wherever it is shown.
  const shown = new Date(time ? date : `${year}-${month}-${day ?? '01'}T12:00:00`)
  if (Number.isNaN(shown.getTime())) return date
  return day ? format.day(shown) : format.month(shown)
}
