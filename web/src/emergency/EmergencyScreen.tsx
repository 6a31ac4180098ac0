export default function EmergencyScreen() {
  return null
}
