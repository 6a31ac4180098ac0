import { Anchor } from '@mantine/core'
import { useText } from '../text'

/** Below a sheet: to the one before. */
export function WayBack({ onBack }: { onBack: () => void }) {
  const { common } = useText()
  return <Anchor component="button" type="button" onClick={onBack}>{common.back}</Anchor>
}
