import type { Catalogue } from '../en'

export const requests: Catalogue['requests'] = {
}
