import { TextInput } from '@mantine/core'
import { useMemo, useState } from 'react'
import { IconSearch } from '../../parts/icons'
import { useFormat, useText } from '../../text'
import { groupItems } from './groups'
import type { Item } from './load'
import { ResourceCard } from './ResourceCard'
import { ResourceSection } from './ResourceSection'
import { resolver, type Speaker } from './say'
import { seriesOf } from './series'
import { Trends } from './Trends'
import { Panel } from '../../parts/Panel'

/** FHIR resources in words: one as a card; many by kind, with what can be drawn over time. */
export default function FhirView({ items }: { items: Item[] }) {
  const { records: t } = useText()
  const format = useFormat()
  const [filter, setFilter] = useState('')
  const resources = useMemo(() => items.flatMap(item => (item.resource ? [item.resource] : [])), [items])
  const speaker = useMemo<Speaker>(() => ({ words: t.fhir.words, format, resolve: resolver(resources) }), [t, format, resources])
  const groups = useMemo(() => groupItems(items, speaker, t.fhir), [items, speaker, t])
  const series = useMemo(() => seriesOf(resources, t.fhir.words), [resources, t])
  const wanted = filter.trim().toLocaleLowerCase()
  const shown = wanted === '' ? groups
    : groups.map(group => ({ ...group, rows: group.rows.filter(row => `${row.title} ${row.brief} ${row.when}`.toLocaleLowerCase().includes(wanted)) })).filter(group => group.rows.length > 0)

  if (items.length === 1) {
    const [row] = groups[0]!.rows
    return <Panel title={row!.title}><ResourceCard item={row!.item} speaker={speaker} /></Panel>
  }
  return (
    <>
      {items.length > 12 && (
        <TextInput mb="lg" label={t.filterEntries} value={filter} onChange={event => { setFilter(event.currentTarget.value) }} leftSection={<IconSearch size={18} aria-hidden />} />
      )}
      {series.length > 0 && wanted === '' && <Trends series={series} speaker={speaker} />}
      {shown.map(group => <ResourceSection key={group.type} group={group} speaker={speaker} />)}
      <p role="status">{shown.length === 0 ? t.noEntries : ''}</p>
    </>
  )
}
