import type { Catalogue } from '../en'

export const errors: Catalogue['errors'] = {
}
