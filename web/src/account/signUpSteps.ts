export const steps = 4

export type Step = 'mail' | 'method' | 'passphrase' | 'passkey' | 'kit'

/** The account exists: first of all its kit is put on paper. Whatever stops the rest, that opens it. */
export const afterCreation: Step = 'kit'

/** Null when all is done. */
export const afterKit = (hasPassphrase: boolean): Step | null => hasPassphrase ? null : 'passkey'

export const position = (step: Step, hasPassphrase: boolean): number => ({ mail: 1, method: 2, passphrase: 3, passkey: 4, kit: hasPassphrase ? 4 : 3 })[step]
