import type { Catalogue } from '../en'

export const upload: Catalogue['upload'] = {
}
