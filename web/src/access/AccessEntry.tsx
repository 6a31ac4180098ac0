import type { AccessEvent } from '../core/api'
import { Foreign } from '../parts/Foreign'
import { partitionName } from '../parts/partitionName'
import { visible } from '../parts/visible'
import { addressOf } from '../sharing/Sentence'
import { Filled } from '../text/Filled'
import { useFormat, useText } from '../text'
import classes from './access.module.css'
import { sentenceOf } from './sentence'

/** One access, or several that say the same: a sentence, what it was about, and where the proof of each stands. `events` is not empty. */
export function AccessEntry({ events, verified }: { events: AccessEvent[], verified: boolean }) {
  const event = events[0]!
  const { access: t, common, requests, sharing } = useText()
  const format = useFormat()
  const count = event.kind === 'readings' ? t.series(event.items.length) : t.records(event.items.length)
  const when = new Date(event.at)
  const answeredBy = [...new Set(events.flatMap(one => one.answeredBy))].sort()
  return (
    <li className={classes.entry}>
      <time className={classes.time} dateTime={event.at}>{new Intl.DateTimeFormat(format.locale, { timeStyle: 'short' }).format(when)}</time>
      <div>
        <p className={classes.sentence}>
          <Filled
            text={sentenceOf(event, t)}
            parts={{
              who: <strong><Foreign text={addressOf(event.who, requests)} /></strong>, items: count, partition: partitionName(common, event.partition),
              purpose: event.purpose ? sharing.purposes[event.purpose] : '',
            }}
          />
          {events.length > 1 && <span className={classes.times}> {t.times(events.length)}</span>}
        </p>
        {event.beforeNotice && <p className={classes.items}>{t.beforeNotice}</p>}
        {event.items.length > 0 && <p className={classes.items}>{format.list(event.items.map(item => (item.name === null ? t.unnamed : visible(item.name))))}</p>}
        <details className={classes.proof}>
          <summary>{t.proof}</summary>
          <dl>
            <dt>{t.place}</dt><dd>{format.list(events.map(one => format.number(one.index)))}{verified && ` · ${t.checked}`}</dd>
            {answeredBy.length > 0 && <><dt>{t.answered}</dt><dd><Foreign text={format.list(answeredBy)} /></dd></>}
            <dt>{t.grant}</dt><dd><code>{event.grant}</code></dd>
          </dl>
        </details>
      </div>
    </li>
  )
}
