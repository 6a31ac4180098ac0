import { Stack } from '@mantine/core'
import type { Alarm } from '../core/api'
import { useOperation } from '../core/useCore'
import { EmptyState } from '../parts/EmptyState'
import { Failure } from '../parts/Failure'
import { IconShieldCheck } from '../parts/icons'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import { Panel } from '../parts/Panel'
import { useSession } from '../shell/session'
import { useText } from '../text'
import { AlarmCard } from './AlarmCard'

/** The alarm centre: what did not hold, how bad it is, what is safe and what to do. */
export default function AlarmsScreen() {
  const { alarms: t } = useText()
  const { reloadAlarms } = useSession()
  const { data, reload, ...loaded } = useOperation('alarms.list', {})
  const seen = () => {
    reload()
    reloadAlarms()
  }
  return (
    <>
      <PageTitle title={t.title} text={t.text} />
      {loaded.state === 'failed' && <Failure error={loaded.failure} onRetry={reload} />}
      {!data && loaded.state === 'loading' && <Loading />}
      {data && (data.length === 0
        ? <EmptyState icon={<IconShieldCheck size={40} />} title={t.none} text={t.noneText} />
        : <>
            <Listed title={t.open} alarms={data.filter(alarm => !alarm.acknowledged)} onSeen={seen} none={t.noneOpen} />
            <Listed title={t.seen} alarms={data.filter(alarm => alarm.acknowledged)} onSeen={seen} />
          </>)}
    </>
  )
}

function Listed({ title, alarms, onSeen, none }: { title: string, alarms: Alarm[], onSeen: () => void, none?: string }) {
  if (alarms.length === 0 && none === undefined) return null
  const newestFirst = [...alarms].sort((one, other) => other.at.localeCompare(one.at))
  return (
    <Panel title={title} text={alarms.length === 0 ? none : undefined}>
      <Stack>{newestFirst.map(alarm => <AlarmCard key={alarm.id} alarm={alarm} onSeen={onSeen} />)}</Stack>
    </Panel>
  )
}
