import type { StoreHealth } from '../core/api'
import { Foreign } from '../parts/Foreign'
import { IconAlertOctagon, IconClock, IconCloudOff, IconShieldCheck } from '../parts/icons'
import { useFormat, useText } from '../text'
import classes from './storage.module.css'

const icons = { good: IconShieldCheck, slow: IconClock, silent: IconCloudOff, failing: IconAlertOctagon }

/** One store: what it has proven, and what it has not. */
export function StoreCard({ store }: { store: StoreHealth }) {
  const { storage: t } = useText()
  const format = useFormat()
  const Icon = icons[store.state]
  const wrong = [[t.missing, store.missing], [t.damaged, store.damaged], [t.exchanged, store.exchanged], [t.unanswered, store.unanswered], [t.moved, store.moved]] as const
  return (
    <li className={classes.card} data-state={store.state}>
      <div className={classes.head}>
        <Icon size={24} aria-hidden className={classes.icon} />
        <h3><Foreign text={store.store} /></h3>
        <span className={classes.state}>{t.state[store.state]}</span>
      </div>
      <dl className={classes.figures}>
        <div><dt>{t.fragments}</dt><dd>{format.number(store.fragments)}</dd></div>
        <div><dt>{t.proven}</dt><dd>{t.provenOf(format.number(store.held), format.number(store.asked))}</dd></div>
        <div><dt>{t.slowest}</dt><dd>{t.seconds(new Intl.NumberFormat(format.locale, { maximumFractionDigits: 1, minimumFractionDigits: 1 }).format(store.slowestSeconds))}</dd></div>
        {wrong.filter(([, count]) => count > 0).map(([name, count]) => <div key={name}><dt>{name}</dt><dd>{format.number(count)}</dd></div>)}
      </dl>
      {store.selective && <p className={classes.note}>{t.selective}</p>}
      {store.onlySmall && <p className={classes.note}>{t.onlySmall}</p>}
    </li>
  )
}
