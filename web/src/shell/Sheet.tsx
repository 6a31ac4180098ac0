import type { ReactNode } from 'react'
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
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <Wordmark />
        <div className={classes.switches}><LanguageSwitch /><SchemeSwitch /></div>
      </header>
      <main className={classes.main} data-wide={wide || undefined}>
        <div className={classes.sheet}>{children}</div>
        {below && <div className={classes.below}>{below}</div>}
      </main>
    </div>
  )
}
