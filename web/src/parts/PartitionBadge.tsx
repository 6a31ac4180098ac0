import { useText } from '../text'
import { Foreign } from './Foreign'
import { IconFolder, IconPill, IconShieldCheck, IconStethoscope, IconUser } from './icons'
import classes from './PartitionBadge.module.css'

const icons: Record<string, typeof IconFolder> = { personal: IconUser, medical: IconStethoscope, insurance: IconShieldCheck, prescription: IconPill }

/** Where a record belongs: personal, medical, …; a name that the page does not know is shown as it is. */
export function PartitionBadge({ partition }: { partition: string }) {
  const { common: t } = useText()
  const Icon = icons[partition] ?? IconFolder
  return (
    <span className={classes.badge}>
      <Icon size={15} aria-hidden />
      {Object.hasOwn(t.partitions, partition) ? t.partitions[partition] : <Foreign text={partition} />}
    </span>
  )
}
