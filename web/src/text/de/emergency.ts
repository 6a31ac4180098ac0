import type { Catalogue } from '../en'

export const emergency: Catalogue['emergency'] = {
}
