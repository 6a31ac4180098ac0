import type { Catalogue } from '../en'

export const sharing: Catalogue['sharing'] = {
}
