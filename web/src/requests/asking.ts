import type { ArgumentsOf, IncomingRequest, Role } from '../core/api'

/** A request as it is typed. */
export interface Asking { phone: string, keywords: string, reason: string, role: Role }

export type AskingFault = 'phone' | 'keywords' | 'keyword' | 'reason' | 'reasonLong'

const maxKeywords = 8
const maxKeywordBytes = 256
const maxReasonBytes = 2000

const bytesOf = (text: string) => new TextEncoder().encode(text).length

export const keywordsOf = (typed: string): string[] => [...new Set(typed.split(/[,;\n]/).map(word => word.trim()).filter(word => word !== ''))]

export function faultsOf({ phone, keywords, reason }: Asking): Partial<Record<'phone' | 'keywords' | 'reason', AskingFault>> {
  const words = keywordsOf(keywords)
  return {
    ...(isPhone(phone) ? {} : { phone: 'phone' as const }),
    ...(words.length === 0 || words.length > maxKeywords ? { keywords: 'keywords' as const }
      : words.every(word => /[\p{L}\p{N}]/u.test(word) && bytesOf(word) <= maxKeywordBytes) ? {} : { keywords: 'keyword' as const }),
    ...(reason.trim() === '' ? { reason: 'reason' as const } : bytesOf(reason.trim()) > maxReasonBytes ? { reason: 'reasonLong' as const } : {}),
  }
}

/** With + or 00 and the code of a country, 8 to 15 digits; blanks and - . / ( ) do not count. */
export function isPhone(typed: string): boolean {
  const digits = typed.trim().replace(/[ \-./()\u00a0]/g, '').replace(/^00/, '+')
  return /^\+[1-9]\d{7,14}$/.test(digits)
}

export const askingArguments = (asking: Asking): ArgumentsOf<'request.send'> =>
  ({ phone: asking.phone.trim(), keywords: keywordsOf(asking.keywords), reason: asking.reason.trim(), role: asking.role })

/** A code as it is typed from a mail: ten letters and digits, blanks and hyphens between them. */
export const isCode = (typed: string): boolean => /^[0-9A-Za-z]{10}$/.test(typed.replace(/[\s-]/g, ''))

/** Requests that wait for this account to answer. */
export const pendingOf = (incoming: IncomingRequest[]): IncomingRequest[] => incoming.filter(request => request.state === 'pending')
