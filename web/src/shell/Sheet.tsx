import type { ReactNode } from 'react'
import { useText } from '../text'
import classes from './Sheet.module.css'
import { LanguageSwitch, SchemeSwitch } from './Switches'
import { Wordmark } from './Wordmark'

interface Props {
  children: ReactNode
  /** Below the sheet: the way to other sheets. */
  below?: ReactNode
  wide?: boolean
}

/** The page before anything is unlocked: one quiet sheet in the middle. */
export function Sheet({ children, below, wide = false }: Props) {
  const { common } = useText()
  return (
    <div className={classes.page}>
      <section className={classes.head} aria-label={common.salus}>
        <Wordmark />
        <div className={classes.switches}><LanguageSwitch /><SchemeSwitch /></div>
      </section>
      <main className={classes.main} data-wide={wide || undefined}>
        <div className={classes.sheet}>{children}</div>
        {below && <div className={classes.below}>{below}</div>}
      </main>
    </div>
  )
}
