import type { Catalogue } from '../en'

export const contacts: Catalogue['contacts'] = {
}
