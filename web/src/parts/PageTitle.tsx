import { Title } from '@mantine/core'
import { useEffect, useRef, type ReactNode } from 'react'
import { useText } from '../text'
import { visible } from './visible'
import classes from './PageTitle.module.css'

interface Props {
  title: string
  /** A sentence below it. */
  text?: ReactNode
  /** Buttons beside it. */
  children?: ReactNode
}

let first = true

/** The one h1 of a screen. It takes the focus when the screen appears (not at the very start), and names the tab. `title` may be somebody else's text. */
export function PageTitle({ title, text, children }: Props) {
  const { common: t } = useText()
  const heading = useRef<HTMLHeadingElement>(null)
  const shown = visible(title)
  useEffect(() => {
    document.title = `${shown} · ${t.salus}`
  }, [shown, t.salus])
  useEffect(() => {
    // A field that asks to be first is left alone.
    if (!first && !document.activeElement?.matches('input, textarea, select, [data-autofocus]')) heading.current?.focus({ preventScroll: true })
    if (!first) window.scrollTo(0, 0)
    first = false
  }, [])
  return (
    <div className={classes.head}>
      <div className={classes.words}>
        <Title order={1} ref={heading} tabIndex={-1}><bdi>{shown}</bdi></Title>
        {text && <p className={classes.text}>{text}</p>}
      </div>
      {children && <div className={classes.actions}>{children}</div>}
    </div>
  )
}
