import { useText } from '../text'
import classes from './Wordmark.module.css'

/** The name of Salus, with its sign: a record within four others, of which any three give it back. */
export function Wordmark() {
  const { common: t } = useText()
  return (
    <span className={classes.mark}>
      <svg width="26" height="26" viewBox="0 0 26 26" aria-hidden>
        <g fill="currentColor">
          <rect x="2" y="2" width="9.5" height="9.5" rx="3" />
          <rect x="14.5" y="2" width="9.5" height="9.5" rx="3" opacity="0.55" />
          <rect x="2" y="14.5" width="9.5" height="9.5" rx="3" opacity="0.55" />
          <rect x="14.5" y="14.5" width="9.5" height="9.5" rx="4.75" />
        </g>
      </svg>
      {t.salus}
    </span>
  )
}
