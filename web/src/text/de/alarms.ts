import type { Catalogue } from '../en'

export const alarms: Catalogue['alarms'] = {
}
