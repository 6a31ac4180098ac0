import type { Catalogue } from '../en'

export const viewer: Catalogue['viewer'] = {
}
