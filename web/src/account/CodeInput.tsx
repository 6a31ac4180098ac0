import { Anchor, Group, TextInput } from '@mantine/core'
import { useText } from '../text'
import { visible } from '../parts/visible'
import { codeOf } from './code'

interface Props {
  mail: string
  code: string
  onCode: (code: string) => void
  onAgain: () => void
  onOtherMail?: () => void
}

/** The code from the mail. Browsers and phones fill it in where they can. */
export function CodeInput({ mail, code, onCode, onAgain, onOtherMail }: Props) {
  const { account: t } = useText()
  return (
    <div>
      <TextInput
        label={t.code} description={t.codeSent(visible(mail))} value={code} onChange={event => { onCode(codeOf(event.currentTarget.value)) }}
        autoComplete="one-time-code" inputMode="numeric" autoFocus required withAsterisk={false} spellCheck={false}
      />
      <Group gap="lg" mt="xs">
        <Anchor component="button" type="button" size="sm" onClick={onAgain}>{t.codeAgain}</Anchor>
        {onOtherMail && <Anchor component="button" type="button" size="sm" onClick={onOtherMail}>{t.otherMail}</Anchor>}
      </Group>
    </div>
  )
}
