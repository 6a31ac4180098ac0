import { Modal } from '@mantine/core'
import { useRef, type ReactNode } from 'react'
import { useText } from '../text'

interface Props<T> {
  /** What it is about; null closes it. It goes on showing the last one while it fades. */
  subject: T | null
  title: (subject: T) => string
  children: (subject: T) => ReactNode
  onClose: () => void
}

/** A dialog about something. The focus goes back to where it came from. */
export function Dialog<T>({ subject, title, children, onClose }: Props<T>) {
  const { common } = useText()
  const last = useRef<T | null>(null)
  if (subject !== null) last.current = subject
  const shown = subject ?? last.current
  return (
    <Modal opened={subject !== null} onClose={onClose} size="lg" title={shown === null ? '' : title(shown)} closeButtonProps={{ 'aria-label': common.close }}>
      {shown !== null && children(shown)}
    </Modal>
  )
}
