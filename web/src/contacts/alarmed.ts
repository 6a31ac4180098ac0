import type { Alarm } from '../core/api'

/** Whether an alarm about changed keys that nobody has acknowledged names this mail address, as a whole word. */
export const isAlarmed = (mail: string, alarms: Alarm[]): boolean => alarms.some(alarm =>
  alarm.kind === 'KeyChanged' && !alarm.acknowledged && alarm.message.split(/[\s,;()`"]+/).some(word => word.replace(/[.:]$/, '') === mail))
