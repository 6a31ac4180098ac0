import { Checkbox, NativeSelect, Stack, Switch, TextInput } from '@mantine/core'
import { useText } from '../../text'
import { partitions } from '../upload'
import type { UploadOptions } from './chosen'
import { OwnKey } from './OwnKey'

export function Options({ options, onChange, allImports }: { options: UploadOptions, onChange: (options: UploadOptions) => void, allImports: boolean }) {
  const { common, upload: t } = useText()
  const set = (change: Partial<UploadOptions>) => { onChange({ ...options, ...change }) }
  return (
    <Stack gap="lg">
      {!allImports && (
        <NativeSelect label={t.partition} description={t.partitionHelp} value={options.partition} onChange={event => { set({ partition: event.currentTarget.value }) }}
          data={partitions.map(value => ({ value, label: common.partitions[value] ?? value }))} />
      )}
      <TextInput label={t.keywords} description={t.keywordsHelp} value={options.keywords} onChange={event => { set({ keywords: event.currentTarget.value }) }} />
      {options.for.trim() === '' && (
        <Checkbox size="md" label={t.findable} description={t.findableHelp} checked={options.findable} onChange={event => { set({ findable: event.currentTarget.checked }) }} />
      )}
      <TextInput type="email" label={t.forLabel} description={t.forHelp} value={options.for} autoComplete="off" onChange={event => { set({ for: event.currentTarget.value }) }} />
      {!allImports && (
        <>
          <Switch size="md" label={t.ownKey} description={t.ownKeyHelp} checked={options.ownKey} onChange={event => { set({ ownKey: event.currentTarget.checked, key: '', goodKey: '' }) }} />
          {options.ownKey && <OwnKey value={options.key} onChange={key => { set({ key }) }} onGood={goodKey => { set({ goodKey }) }} />}
        </>
      )}
    </Stack>
  )
}
