import type { Catalogue } from '../en'

export const home: Catalogue['home'] = {
}
