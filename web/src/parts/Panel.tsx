import { Title } from '@mantine/core'
import { useId, type ReactNode } from 'react'
import classes from './Panel.module.css'

interface Props {
  title?: string
  text?: ReactNode
  /** Beside the title. */
  action?: ReactNode
  /** The heading's level: 2 on a screen, 3 within a panel's section. */
  order?: 2 | 3
  children?: ReactNode
}

/** A surface with a heading: what belongs together on a screen. */
export function Panel({ title, text, action, order = 2, children }: Props) {
  const id = useId()
  return (
    <section className={classes.panel} aria-labelledby={title ? id : undefined}>
      {(title || action) && (
        <div className={classes.head}>
          {title && <Title order={order} id={id}>{title}</Title>}
          {action}
        </div>
      )}
      {text && <p className={classes.text}>{text}</p>}
      {children}
    </section>
  )
}
