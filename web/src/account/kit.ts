/** A recovery kit as it is printed: 16 groups of four characters of Crockford's base 32 (an older one 14), the last of them a checksum. The core makes and proves it; here it is only shown and compared. */
export const kitGroups = (kit: string): string[] => kit.trim().split('-')

/** How many groups a person types from the paper to show that they have it. */
const provenGroups = 2

const canonical = (typed: string): string => typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1')

/** Whether what was typed are the last groups of the kit: as forgiving as the core is about capitals, O and 0, I, L and 1. */
export const endsWithTyped = (kit: string, typed: string): boolean => canonical(typed) === canonical(kitGroups(kit).slice(-provenGroups).join(''))

const wholeLengths = [64, 56]

/** Characters that count. */
export const kitLength = (typed: string): number => canonical(typed).length

/** What is seen to be wrong with a kit before it is sent to the core. */
export function kitFault(typed: string): 'none' | 'character' | 'length' {
  const text = canonical(typed)
  if (!/^[0-9A-HJKMNP-TV-Z]*$/.test(text)) return 'character'
  return wholeLengths.includes(text.length) ? 'none' : 'length'
}
