export default function RequestsScreen() {
  return null
}
