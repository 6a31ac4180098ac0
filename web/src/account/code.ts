/** Digits of a code that comes by mail. */
export const codeLength = 8

/** The digits of a code as typed or pasted, with blanks, dashes or the words around it. */
export const codeOf = (typed: string): string => typed.replace(/\D/g, '').slice(0, codeLength)
