import { NativeSelect, TextInput } from '@mantine/core'
import { IconSearch } from '../parts/icons'
import { visible } from '../parts/visible'
import { useText } from '../text'
import classes from './Home.module.css'
import type { Filter } from './timeline'

interface Props { filter: Filter, onChange: (filter: Filter) => void, sources: string[], partitions: string[], hasOthers: boolean }

export function Filters({ filter, onChange, sources, partitions, hasOthers }: Props) {
  const { common, home: t } = useText()
  const set = (change: Partial<Filter>) => { onChange({ ...filter, ...change }) }
  const named = (partition: string) => (Object.hasOwn(common.partitions, partition) ? common.partitions[partition] : undefined) ?? visible(partition)
  return (
    <div className={classes.filters} role="search">
      <TextInput label={t.findNames} value={filter.text} onChange={event => { set({ text: event.currentTarget.value }) }} leftSection={<IconSearch size={18} aria-hidden />} />
      <NativeSelect label={t.partition} value={filter.partition} onChange={event => { set({ partition: event.currentTarget.value }) }}
        data={[{ value: '', label: t.allPartitions }, ...partitions.map(value => ({ value, label: named(value) }))]} />
      <NativeSelect label={t.source} value={filter.source} onChange={event => { set({ source: event.currentTarget.value }) }}
        data={[{ value: '', label: t.allSources }, ...sources.map(value => ({ value, label: value === 'you' ? t.you : visible(value) }))]} />
      <NativeSelect label={t.kind} value={filter.kind} onChange={event => { set({ kind: event.currentTarget.value }) }}
        data={[{ value: '', label: t.allKinds }, ...Object.entries(t.kinds).map(([value, label]) => ({ value, label }))]} />
      {hasOthers && (
        <NativeSelect label={t.whose} value={filter.whose} onChange={event => { set({ whose: event.currentTarget.value as Filter['whose'] }) }}
          data={[{ value: 'mine', label: t.mine }, { value: 'others', label: t.others }, { value: 'all', label: t.all }]} />
      )}
    </div>
  )
}
