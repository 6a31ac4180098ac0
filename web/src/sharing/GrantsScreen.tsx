export default function GrantsScreen() {
  return null
}
