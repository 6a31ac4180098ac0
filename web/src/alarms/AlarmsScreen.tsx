export default function AlarmsScreen() {
  return null
}
