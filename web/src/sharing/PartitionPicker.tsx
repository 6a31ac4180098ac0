import { Checkbox, Popover, Stack } from '@mantine/core'
import type { PartitionName } from '../core/api'
import { partitionName } from '../parts/partitionName'
import { useFormat, useText } from '../text'
import classes from './sharing.module.css'

interface Props { label: string, all: readonly PartitionName[], chosen: PartitionName[], onChoose: (chosen: PartitionName[]) => void, invalid?: string }

/** The parts within a sentence: a button that says them, and opens a list of boxes to tick. */
export function PartitionPicker({ label, all, chosen, onChoose, invalid }: Props) {
  const { common, sharing: t } = useText()
  const format = useFormat()
  const said = chosen.length === 0 ? t.noPartition : format.list(chosen.map(name => partitionName(common, name)))
  return (
    <Popover position="bottom-start" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className={classes.slot} aria-label={`${label}: ${said}`} aria-invalid={invalid ? true : undefined} aria-describedby={invalid}>{said}</button>
      </Popover.Target>
      <Popover.Dropdown aria-label={label}>
        <Checkbox.Group label={label} value={chosen} onChange={names => { onChoose(all.filter(name => names.includes(name))) }}>
          <Stack gap="sm" mt="sm">{all.map(name => <Checkbox key={name} value={name} label={partitionName(common, name)} />)}</Stack>
        </Checkbox.Group>
      </Popover.Dropdown>
    </Popover>
  )
}
