import { Button } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useText } from '../text'
import { IconCheck, IconCopy } from './icons'

/** Copies what is no secret, and says so. */
export function CopyButton({ text, label }: { text: string, label: string }) {
  const { shell: t } = useText()
  const [copied, setCopied] = useState<boolean | null>(null)
  useEffect(() => {
    if (copied === null) return
    const timer = window.setTimeout(() => { setCopied(null) }, 4000)
    return () => { window.clearTimeout(timer) }
  }, [copied])
  const copy = () => { navigator.clipboard.writeText(text).then(() => { setCopied(true) }, () => { setCopied(false) }) }
  return (
    <>
      <Button variant="subtle" size="compact-md" onClick={copy} leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}>{label}</Button>
      <span role="status">{copied === true ? t.copied : copied === false ? t.notCopied : ''}</span>
    </>
  )
}
