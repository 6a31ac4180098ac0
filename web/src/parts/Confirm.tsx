import { Button, Group, Modal, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import type { CoreFailure } from '../core/api'
import { useText } from '../text'
import { Failure } from './Failure'

interface Props {
  opened: boolean
  title: string
  children: ReactNode
  /** What the button does, in a verb: "End access". */
  action: string
  /** For what cannot be taken back. */
  dangerous?: boolean
  running?: boolean
  failure?: CoreFailure | null
  onConfirm: () => void
  onClose: () => void
}

/** Asks before something is done. Says what will happen; the button names it. */
export function Confirm({ opened, title, children, action, dangerous = false, running = false, failure = null, onConfirm, onClose }: Props) {
  const t = useText()
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t.common.close }}>
      <Stack>
        {children}
        {failure && <Failure error={failure} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>{t.common.cancel}</Button>
          <Button color={dangerous ? 'red' : undefined} loading={running} onClick={onConfirm}>{action}</Button>
        </Group>
      </Stack>
    </Modal>
  )
}
