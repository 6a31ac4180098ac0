import { Anchor, Button } from '@mantine/core'
import { useEffect, useMemo, useState } from 'react'
import { Link } from 'wouter'
import { useOperation } from '../core/useCore'
import { usePreference } from '../core/usePreference'
import { EmptyState } from '../parts/EmptyState'
import { Failure } from '../parts/Failure'
import { IconFolder, IconPlus, IconRefresh } from '../parts/icons'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import { visible } from '../parts/visible'
import { useIdentity } from '../shell/session'
import { useFormat, useText } from '../text'
import { Filters } from './Filters'
import classes from './Home.module.css'
import { MonthList } from './MonthList'
import { byMonth, everything, filtered, isNew, readSeen, sourcesOf, withSeen, type Filter } from './timeline'
import { useRefresh } from './useRefresh'

const page = 100

/** All records, newest first, by month. */
export default function HomeScreen() {
  const { home: t } = useText()
  const format = useFormat()
  const { account } = useIdentity()
  const own = useOperation('list', {})
  const shared = useOperation('shared', {})
  const seen = usePreference('seen', readSeen)
  const [filter, setFilter] = useState<Filter>(everything)
  const [count, setCount] = useState(page)
  const [asOf, setAsOf] = useState(() => new Date())
  const { reload: reloadOwn } = own
  const { reload: reloadShared } = shared
  useRefresh(() => { reloadOwn(); reloadShared() })
  useEffect(() => { if (own.state === 'done') setAsOf(new Date()) }, [own.state, own.data])
  useEffect(() => { setCount(page) }, [filter])

  const mine = useMemo(() => own.data?.records ?? [], [own.data])
  const others = useMemo(() => shared.data?.records.filter(record => record.account !== account) ?? [], [shared.data, account])
  const records = useMemo(() => filtered(mine, others, filter), [mine, others, filter])
  const months = useMemo(() => byMonth(records.slice(0, count)), [records, count])
  const seenIds = useMemo(() => new Set(seen.value ?? []), [seen.value])
  const news = useMemo(() => (seen.value === null ? [] : mine.filter(record => isNew(record, account, seenIds))), [mine, account, seenIds, seen.value])
  const markSeen = () => { seen.set(withSeen(seen.value ?? [], news.map(record => record.record))) }
  const complaints = [...(own.data?.complaints ?? []), ...(shared.data?.complaints ?? [])]
  const addButton = <Button component={Link} href="/add" leftSection={<IconPlus size={18} aria-hidden />}>{t.add}</Button>

  return (
    <>
      <PageTitle title={t.title} text={t.intro}>{addButton}</PageTitle>
      {own.state === 'failed' && <Failure error={own.failure} onRetry={own.reload} />}
      {shared.state === 'failed' && own.state !== 'failed' && <Failure error={shared.failure} onRetry={shared.reload} />}
      {seen.failure && own.state !== 'failed' && <Failure error={seen.failure} />}
      {complaints.length > 0 && (
        <div className={classes.complaints} role="status">
          <p><strong>{t.complaints}</strong></p>
          <p>{t.complaintsText}</p>
          <ul lang="en">{complaints.slice(0, 20).map((complaint, at) => <li key={at}>{visible(complaint)}</li>)}</ul>
        </div>
      )}
      <div className={classes.news} role="status">
        {news.length > 0 && <><strong>{t.news(news.length)}</strong><Button variant="default" size="sm" onClick={markSeen}>{t.markSeen}</Button></>}
      </div>
      {own.data === undefined
        ? own.state === 'loading' && <Loading />
        : mine.length + others.length === 0
          ? own.state !== 'failed' && <EmptyState icon={<IconFolder size={36} />} title={t.emptyTitle} text={t.emptyText} action={addButton} />
          : (
            <>
              <Filters filter={filter} onChange={setFilter} sources={sourcesOf([...mine, ...others])} hasOthers={others.length > 0}
                partitions={[...new Set([...mine, ...others].map(record => record.partition))].sort()} />
              <div className={classes.line}>
                <span role="status">{t.count(records.length)}</span>
                <span>
                  {t.refreshed(new Intl.DateTimeFormat(format.locale, { timeStyle: 'short' }).format(asOf))}{' '}
                  <Button variant="subtle" size="compact-sm" leftSection={<IconRefresh size={16} aria-hidden />} onClick={() => { own.reload(); shared.reload() }}>{t.refresh}</Button>
                  {' '}<Anchor component={Link} href="/search">{t.toSearch}</Anchor>
                </span>
              </div>
              {records.length === 0 && filter === everything && <EmptyState icon={<IconFolder size={36} />} title={t.emptyTitle} text={t.emptyText} action={addButton} />}
              {records.length === 0 && filter !== everything && (
                <EmptyState title={t.emptyFilter} text={t.emptyFilterText} action={<Button variant="default" onClick={() => { setFilter({ ...everything, whose: 'all' }) }}>{t.clearFilter}</Button>} />
              )}
              {months.map(month => <MonthList key={month.key} month={month} account={account} isNew={record => seen.value !== null && isNew(record, account, seenIds)} />)}
              {records.length > count && <Button variant="default" fullWidth onClick={() => { setCount(count + page) }}>{t.more(Math.min(page, records.length - count))}</Button>}
            </>
          )}
    </>
  )
}
