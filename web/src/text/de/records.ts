import type { Catalogue } from '../en'

export const records: Catalogue['records'] = {
}
