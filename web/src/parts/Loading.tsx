import { Loader } from '@mantine/core'
import { useText } from '../text'
import classes from './Loading.module.css'

/** Something is on its way. `label` says what; it appears only after a moment, so that what is quick does not flicker. */
export function Loading({ label }: { label?: string }) {
  const { common: t } = useText()
  return <div className={classes.loading} role="status"><Loader size="sm" aria-hidden /><span>{label ?? t.loading}</span></div>
}
