import type { Catalogue } from '../en'

export const organisation: Catalogue['organisation'] = {
}
