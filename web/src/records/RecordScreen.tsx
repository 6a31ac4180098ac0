export default function RecordScreen() {
  return null
}
