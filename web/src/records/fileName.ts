import { visible } from '../parts/visible'

/** A file name that a file system takes: what somebody else wrote has no separators, and does not begin with a dot. */
export const fileName = (name: string): string => visible(name).replace(/[/\\:*?"<>|]/g, '_').replace(/^[.\s]+/, '').slice(0, 200).trim() || 'record'
