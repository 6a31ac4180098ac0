import { visible } from './visible'

/** What somebody else wrote: a name, a mail address, a reason. Control and direction characters are shown as spaces, and its direction stays its own. */
export function Foreign({ text }: { text: string }) {
  return <bdi>{visible(text)}</bdi>
}
