import { TextInput } from '@mantine/core'

interface Props {
  label: string
  description?: string
  /** YYYY-MM-DD, or empty. */
  value: string
  onChange: (value: string) => void
  min?: string
  max?: string
  required?: boolean
  error?: string | null
}

/** A day, by the browser's own picker: it speaks the reader's language and works with every keyboard. */
export function DateInput({ label, description, value, onChange, min, max, required = false, error }: Props) {
  return (
    <TextInput
      type="date" label={label} description={description} value={value} min={min} max={max} required={required} error={error}
      onChange={event => { onChange(event.currentTarget.value) }}
    />
  )
}
