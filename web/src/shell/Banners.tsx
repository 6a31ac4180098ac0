import { Anchor, Button, CloseButton } from '@mantine/core'
import { useEffect, useState, type ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import type { UploadReport } from '../core/api'
import { useAction, useOperation } from '../core/useCore'
import { Failure } from '../parts/Failure'
import { Foreign } from '../parts/Foreign'
import { visible } from '../parts/visible'
import { IconAlertOctagon, IconCloudOff, IconInfoCircle, IconKey, IconUpload } from '../parts/icons'
import { ProgressLine } from '../parts/ProgressLine'
import { useFormat, useText } from '../text'
import classes from './Banners.module.css'
import { useSession } from './session'

/** What a person must know wherever they are: alarms, no connection, a session that ended, uploads that wait. */
export function Banners() {
  return (
    <div className={classes.all}>
      <Alarms />
      <Connection />
      <Ended />
      <Unfinished />
      <Warnings />
    </div>
  )
}

function Banner({ tone, icon, children }: { tone: 'alarm' | 'warning' | 'quiet', icon: ReactNode, children: ReactNode }) {
  return <div className={classes.banner} data-tone={tone} role={tone === 'alarm' ? 'alert' : 'status'}>{icon}<div className={classes.text}>{children}</div></div>
}

function Alarms() {
  const { shell: t } = useText()
  const { alarms } = useSession()
  const [location] = useLocation()
  if (alarms.length === 0 || location === '/alarms') return null
  return (
    <Banner tone="alarm" icon={<IconAlertOctagon size={22} aria-hidden />}>
      <strong>{t.newAlarm(alarms.length)}</strong> {t.newAlarmText} <Anchor component={Link} href="/alarms" underline="always">{t.toAlarms}</Anchor>
    </Banner>
  )
}

function Connection() {
  const { shell: t } = useText()
  const { unreachable, setUnreachable } = useSession()
  const online = useOnline()
  if (online && unreachable === null) return null
  return (
    <Banner tone="quiet" icon={<IconCloudOff size={22} aria-hidden />}>
      {online ? t.unreachable(visible(unreachable ?? '')) : t.offline}
      {online && <CloseButton aria-label={t.dismiss} onClick={() => { setUnreachable(null) }} />}
    </Banner>
  )
}

/** What a login could not make sure of. Each is told until it is dismissed. */
function Warnings() {
  const t = useText()
  const [location] = useLocation()
  const { data, reload } = useOperation('account.warnings', {})
  const [read, setRead] = useState<string[]>([])
  // Some are found behind what the person does.
  useEffect(() => { reload() }, [location, reload])
  return data?.filter(({ message }) => !read.includes(message)).map(({ code, message }) => (
    <Banner key={message} tone="quiet" icon={<IconInfoCircle size={22} aria-hidden />}>
      <div className={classes.row}>
        {code === '' ? <span lang="en"><Foreign text={message} /></span> : <span>{t.shell.warnings[code]}</span>}
        <CloseButton aria-label={t.shell.dismiss} onClick={() => { setRead([...read, message]) }} />
      </div>
      {code !== '' && <details className={classes.details}><summary>{t.common.details}</summary><p lang="en"><Foreign text={message} /></p></details>}
    </Banner>
  ))
}

function useOnline(): boolean {
  const [online, setOnline] = useState(() => navigator.onLine)
  useEffect(() => {
    const look = () => { setOnline(navigator.onLine) }
    window.addEventListener('online', look)
    window.addEventListener('offline', look)
    return () => {
      window.removeEventListener('online', look)
      window.removeEventListener('offline', look)
    }
  }, [])
  return online
}

function Ended() {
  const { shell: t } = useText()
  const { ended } = useSession()
  const [location] = useLocation()
  if (!ended || location === '/login') return null
  return <Banner tone="warning" icon={<IconKey size={22} aria-hidden />}>{t.ended} <Anchor component={Link} href="/login" underline="always">{t.login}</Anchor></Banner>
}

function Unfinished() {
  const t = useText()
  const format = useFormat()
  const { unfinished, setUnfinished } = useSession()
  const { run, running, failure } = useAction('resume')
  const [part, setPart] = useState<number | null>(null)
  const [stop, setStop] = useState<AbortController | null>(null)
  const [result, setResult] = useState<{ text: string, failures: string[] } | null>(null)
  const resume = async () => {
    const abort = new AbortController()
    setStop(abort)
    setPart(null)
    setResult(null)
    const onReport = (report: unknown) => {
      const told = report as UploadReport
      if ('progress' in told && told.progress.total > 0) setPart(told.progress.done / told.progress.total)
    }
    const answer = await run({}, { signal: abort.signal, onReport })
    setStop(null)
    if (!answer) return
    const waiting = answer.records.filter(record => record.missing.length > 0)
    const missing = [...new Set(waiting.flatMap(record => record.missing))]
    setUnfinished(Math.max(waiting.length, answer.failures.length))
    setResult({
      text: missing.length > 0 ? t.shell.stillMissing(format.list(missing.map(visible))) : answer.failures.length > 0 ? t.shell.notResumed : t.shell.resumed(answer.records.length),
      failures: answer.failures,
    })
  }
  if (unfinished === 0 && !running && !failure && !result) return null
  return (
    <Banner tone="quiet" icon={<IconUpload size={22} aria-hidden />}>
      {running
        ? <ProgressLine label={t.shell.resuming} part={part} onCancel={() => { stop?.abort() }} />
        : <div className={classes.row}>
            <span>{result?.text ?? <><strong>{t.shell.unfinished(unfinished)}</strong> {t.shell.unfinishedText}</>}</span>
            {unfinished > 0
              ? <Button size="sm" variant="light" onClick={() => { void resume() }}>{t.shell.resume}</Button>
              : <CloseButton aria-label={t.shell.dismiss} onClick={() => { setResult(null) }} />}
          </div>}
      {result && result.failures.length > 0 && (
        <details className={classes.details}>
          <summary>{t.common.details}</summary>
          <ul lang="en">{result.failures.map(why => <li key={why}><Foreign text={why} /></li>)}</ul>
        </details>
      )}
      {failure && <Failure error={failure} />}
    </Banner>
  )
}
