import { Anchor, Button, Group, Title } from '@mantine/core'
import { Link } from 'wouter'
import type { Alarm } from '../core/api'
import { useAction } from '../core/useCore'
import { explain, isOfPage } from '../parts/explain'
import { Failure } from '../parts/Failure'
import { Foreign } from '../parts/Foreign'
import { IconAlertOctagon, IconAlertTriangle } from '../parts/icons'
import { useFormat, useText } from '../text'
import classes from './AlarmCard.module.css'
import { severityOf } from './severity'

/** One alarm, in words that say what to do. */
export function AlarmCard({ alarm, onSeen }: { alarm: Alarm, onSeen: () => void }) {
  const text = useText()
  const { alarms: t, errors, common } = text
  const format = useFormat()
  const { run, running, failure } = useAction('alarms.acknowledge')
  const { what, safe, advice } = explain({ kind: 'alarm', code: alarm.kind, message: '', party: null }, errors, alarm.operation)
  const severity = severityOf(alarm.kind)
  const name = isOfPage(alarm.operation, alarm.kind) ? t.ofPage : t.names[alarm.kind] ?? errors.alarm
  const Icon = severity === 'serious' ? IconAlertOctagon : IconAlertTriangle
  return (
    <article className={classes.card} data-severity={severity} data-seen={alarm.acknowledged || undefined}>
      <div className={classes.head}>
        <Icon size={24} aria-hidden className={classes.icon} />
        <Title order={3}>{name}</Title>
        <span className={classes.severity}>{t.severity[severity]}</span>
        <time className={classes.time} dateTime={alarm.at}>{format.time(alarm.at)}</time>
      </div>
      <dl className={classes.words}>
        <dt>{t.what}</dt><dd>{what}</dd>
        {t.operations[alarm.operation] && <><dt>{t.during}</dt><dd>{t.operations[alarm.operation]}</dd></>}
        <dt>{t.safe}</dt><dd>{safe}</dd>
        <dt>{t.advice}</dt><dd>{advice}</dd>
      </dl>
      <details className={classes.details}>
        <summary>{common.details}</summary>
        <p lang="en"><Foreign text={alarm.message} /></p>
      </details>
      {failure && <Failure error={failure} />}
      <Group mt="md">
        {!alarm.acknowledged && (
          <Button
            size="sm" variant="default" loading={running} aria-label={t.acknowledgeOf(name)}
            onClick={() => { void run({ id: alarm.id }).then(done => { if (done) onSeen() }) }}
          >
            {t.acknowledge}
          </Button>
        )}
        {alarm.operation === 'storage.audit' && <Anchor component={Link} href="/storage">{t.toStorage}</Anchor>}
        {alarm.kind === 'KeyChanged' && <Anchor component={Link} href="/contacts">{t.toContacts}</Anchor>}
      </Group>
    </article>
  )
}
