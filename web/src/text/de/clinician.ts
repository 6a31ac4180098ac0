import type { Catalogue } from '../en'

export const clinician: Catalogue['clinician'] = {
}
