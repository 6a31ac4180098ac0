import type { Catalogue } from '../en'

export const evidence: Catalogue['evidence'] = {
}
