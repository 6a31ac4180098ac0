import type { Alarm, AlarmKind } from '../core/api'

/** How bad it is. What a server keeps back may come back; what is forged, swapped, rolled back or weakened was made so by somebody, or is broken. */
export const severityOf = (kind: AlarmKind): 'serious' | 'watch' => (kind === 'Withheld' ? 'watch' : 'serious')

/** Another history than before, or than others are shown: until somebody has looked at it nothing new is shared (src/Client/Profiles/AlarmLog.cs). */
export const blocksSharing = (alarms: Alarm[]): boolean => alarms.some(alarm => !alarm.acknowledged && (alarm.kind === 'Fork' || alarm.kind === 'Rollback'))
