import { Title } from '@mantine/core'
import { memo } from 'react'
import { Link } from 'wouter'
import type { RecordSummary } from '../core/api'
import { Foreign } from '../parts/Foreign'
import { IconDatabase, IconFileText, IconHeartRateMonitor, IconPhoto } from '../parts/icons'
import { PartitionBadge } from '../parts/PartitionBadge'
import { visible } from '../parts/visible'
import { useFormat, useText } from '../text'
import classes from './Home.module.css'
import { kindOf, type Month } from './timeline'

const icons = { health: IconHeartRateMonitor, image: IconPhoto, document: IconFileText, data: IconDatabase }

export function MonthList({ month, account, isNew }: { month: Month, account: string, isNew: (record: RecordSummary) => boolean }) {
  const { home: t } = useText()
  const format = useFormat()
  return (
    <section className={classes.month} aria-label={format.month(month.first)}>
      <div className={classes.monthHead}><Title order={2}>{format.month(month.first)}</Title><span>{t.count(month.records.length)}</span></div>
      <ul className={classes.list}>{month.records.map(record => <li key={record.record}><Entry record={record} own={record.account === account} fresh={isNew(record)} /></li>)}</ul>
    </section>
  )
}

const Entry = memo(function Entry({ record, own, fresh }: { record: RecordSummary, own: boolean, fresh: boolean }) {
  const { home: t } = useText()
  const format = useFormat()
  const Icon = icons[kindOf(record)]
  return (
    <Link className={classes.entry} href={`/record/${record.record}`}>
      <span className={classes.icon}><Icon size={22} aria-hidden /></span>
      <span>
        <span className={classes.name}><Foreign text={record.name} /></span>
        {fresh && <span className={classes.new}>{t.isNew}</span>}
        <span className={classes.under}>
          <PartitionBadge partition={record.partition} />
          <span>{record.source === 'you' ? t.byYou : t.by(visible(record.source))}</span>
          {!own && <span>{t.ownerIs(visible(record.owner))}</span>}
          <span>{record.resources > 0 ? t.resources(record.resources) : format.bytes(record.bytes)}</span>
          {record.needsSequenceKey && <span>{t.needsKey}</span>}
        </span>
      </span>
      <time className={classes.day} dateTime={record.sealedAt}>{format.day(record.sealedAt)}</time>
    </Link>
  )
})
