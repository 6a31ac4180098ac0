import type { Catalogue } from '../text'
import { visible } from './visible'

/** What a partition is called in the reader's language; a name that the page does not know is shown as it is. */
export const partitionName = (common: Catalogue['common'], partition: string): string =>
  Object.hasOwn(common.partitions, partition) ? common.partitions[partition]! : visible(partition)
