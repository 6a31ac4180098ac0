export default function ShareScreen() {
  return null
}
