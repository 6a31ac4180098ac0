import type { AlarmKind } from '../core/api'

/** How bad it is. What a server keeps back may come back; what is forged, swapped, rolled back or weakened was made so by somebody, or is broken. */
export const severityOf = (kind: AlarmKind): 'serious' | 'watch' => (kind === 'Withheld' ? 'watch' : 'serious')
